"""Makes a coded study that a fake endpoint scores; every word here is synthetic."""

import hashlib
from contextlib import contextmanager

from pipeline.describing import describe_codes, list_embedded
from pipeline.learning.calibrating import calibrate_proposer
from pipeline.learning.candidate import Candidate
from pipeline.learning.learn import describe_excerpts
from pipeline.learning.material import read_material
from pipeline.order import suggest_in_order
from pipeline.plan import read_wanted
from pipeline.work import Work, call_plainly
from study.folder import Study
from study.ledger import start_run
from study.model_files import save_model
from study.model_versions import TRAINED_ON
from study.registry import promote_model, read_in_force, store_candidate
from study.vectors import store_encoder
from tests.fakes import NOW
from tests.pipeline.evaluation.made_study import MadeStudy
from tests.pipeline.proposers.fake_endpoint import excerpt_of, give, serve

SUBJECTS = ("worker", "home", "dog", "weather")


def answer_by_word(asked):
    """Score trust where the worker is named, and change at home; now and then wrongly."""
    text = excerpt_of(asked)
    luck = int.from_bytes(hashlib.sha256(text.encode()).digest()[:2]) / 65_536
    trust, change = ("worker" in text) != (luck < 0.1), "home" in text
    return give(trust=60 + 30 * luck if trust else 40 * luck, change=90 if change else 5)


def code_by_word(text):
    return "trust" if "worker" in text else "change" if "home" in text else ""


@contextmanager
def scored_study(sqlite, folder, *, n_interviews=6, n_texts=20, answer=answer_by_word, **settings):
    """Lend a coded study whose proposer is the endpoint, and that endpoint."""
    chosen = {"proposer": "endpoint", "endpoint_model": "synthetic"} | settings
    with serve(answer) as server, sqlite.new_study(folder, endpoint_url=server.url, **chosen) as it:
        made = MadeStudy(it)
        for number in range(n_interviews):
            texts = [f"{SUBJECTS[n % 4]} in {number} at {n} ." for n in range(n_texts)]
            coded = {"anna": [code_by_word(text) for text in texts]}
            made.add(f"I{number}", coded, texts=texts, participant=f"P{number}")
        yield it, server


def suggest(study):
    return suggest_in_order(call_plainly, Work(study))


def with_settings(study, **values):
    return Study(study.folder, study.settings.model_copy(update=values), study.database)


def in_force(study):
    with study.database.read() as connection:
        return read_in_force(connection)


def calibrate(study):
    """Make a candidate of what is stored, as learning does."""
    work, wanted = Work(study), read_wanted(study)
    with study.database.write() as connection:
        encoder_id = store_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
    material, described = (
        read_material(study, encoder_id),
        describe_codes(work, wanted, list_embedded(work, wanted)),
    )
    return calibrate_proposer(
        work,
        wanted,
        material,
        described,
        similarity=describe_excerpts(work, described, material),
        rival=in_force(study),
    )


def promote(study, candidate: Candidate):
    """Store a candidate and put it in force; give its row."""
    wanted = read_wanted(study)
    sha256 = save_model(study.folder / "models", candidate.arrays, candidate.facts)
    with study.database.write() as connection:
        model_id = store_candidate(
            connection,
            method=candidate.method,
            encoder_id=store_encoder(connection, wanted.encoder.name, wanted.encoder.revision),
            codebook_version_id=wanted.codebook.id,
            run_id=start_run(connection, "learn", {}, flow_run_id=None, now=NOW),
            sha256=sha256,
            settings_hash=wanted.settings_hash,
            n_excerpts=candidate.facts["n_excerpts"],
            figures={TRAINED_ON: candidate.facts[TRAINED_ON]},
            now=NOW,
        )
        promote_model(connection, model_id, actor="tests", reason="better", now=NOW)
    return model_id
