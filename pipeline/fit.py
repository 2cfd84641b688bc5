"""Fits what proposes to a study: what is usual in it, and a changed codebook's codes."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline.describing import (
    Described,
    Embedded,
    describe_again,
    describe_codes,
    list_embedded,
)
from pipeline.learning.renewing import is_renewable, renew_classifier
from pipeline.plan import FIT, SIMILARITY, Wanted, read_wanted
from pipeline.proposers.calibrated import CALIBRATION
from pipeline.proposers.outside import describe_proposer, is_same_proposer
from pipeline.work import Work
from study.ledger import hash_parts, is_done, record_done
from study.model_files import check_model, load_model, save_model
from study.records import ModelVersion
from study.registry import copy_figures, read_in_force
from study.suggestions import store_model
from study.vectors import find_encoder

# What is usual is learnt anew when the study has grown by half: often enough to follow it, seldom
# enough that suggestions do not shift under the coders.
GROWTH = 1.5
DESCRIBED = "described"


def fit_codes(work: Work) -> int:
    """Fit what proposes where the study, its codebook or settings changed; give its excerpts.

    A classifier keeps what it learnt: only its similarity part is fitted anew, and it takes on the
    codes of the codebook as it stands. Of a changed codebook only what was touched is learnt anew:
    no other code scores otherwise for it.
    """
    study, wanted = work.study, read_wanted(work.study)
    embedded = list_embedded(work, wanted)
    with study.database.read() as connection:
        model = read_in_force(connection)
    if model is not None and _is_fitting(work, wanted, model, embedded):
        return 0
    before = _read_before(work, wanted, model, embedded)
    if before is None:
        described = describe_codes(work, wanted, embedded)
    else:
        described = describe_again(work, wanted, embedded, before)
    facts = make_facts(wanted, described)
    if model is not None and is_renewable(study, wanted, model):
        arrays, facts = renew_classifier(study, wanted, model, described.arrays, facts)
        sha256 = save_model(study.folder / "models", arrays, facts)
        _store(work, wanted, facts, sha256, learnt_by=model)
    else:
        facts = describe_proposer(study, wanted, described.arrays, facts, before=model)
        sha256 = save_model(study.folder / "models", described.arrays, facts)
        _store(work, wanted, facts, sha256, learnt_by=model if CALIBRATION in facts else None)
    return described.n_excerpts


def make_facts(wanted: Wanted, described: Described) -> dict[str, Any]:
    """Say what similarity models were made of."""
    return {
        "method": SIMILARITY,
        "encoder": asdict(wanted.encoder),
        "codebook": wanted.codebook.codebook.content_hash,
        "languages": described.languages,
        DESCRIBED: described.names,
        "n_excerpts": described.n_excerpts,
        "settings": wanted.settings_hash,
    }


def _is_fitting(work: Work, wanted: Wanted, model: ModelVersion, embedded: list[Embedded]) -> bool:
    models = work.study.folder / "models"
    if model.settings_hash != wanted.settings_hash or not check_model(models, model.sha256):
        return False
    arrays, facts = load_model(models, model.sha256)
    return _is_of_these(facts, embedded) and is_same_proposer(work.study, arrays, facts)


def _is_of_these(facts: Mapping[str, Any], embedded: list[Embedded]) -> bool:
    """Tell whether what was learnt is still usual: no language is new, nor half the study."""
    n_excerpts = sum(each.n_excerpts for each in embedded)
    spoken = {each.language for each in embedded}
    return n_excerpts < GROWTH * facts["n_excerpts"] and spoken <= set(facts["languages"])


def _read_before(
    work: Work, wanted: Wanted, model: ModelVersion | None, embedded: list[Embedded]
) -> Described | None:
    models = work.study.folder / "models"
    if model is None or not check_model(models, model.sha256):
        return None
    arrays, facts = load_model(models, model.sha256)
    # Versions made before this was noted do not say what their codes' texts were.
    if DESCRIBED not in facts or facts["encoder"] != asdict(wanted.encoder):
        return None
    if not _is_of_these(facts, embedded):
        return None
    return Described(arrays, facts[DESCRIBED], facts["n_excerpts"])


def _store(
    work: Work,
    wanted: Wanted,
    facts: Mapping[str, Any],
    sha256: str,
    *,
    learnt_by: ModelVersion | None = None,
) -> None:
    input_hash = hash_parts(sha256)
    with work.study.database.write() as connection:
        encoder_id = find_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
        model_id = store_model(
            connection,
            method=facts["method"],
            encoder_id=encoder_id or 0,
            codebook_version_id=wanted.codebook.id,
            run_id=work.run_id,
            sha256=sha256,
            settings_hash=wanted.settings_hash,
            n_excerpts=facts["n_excerpts"],
            now=work.clock(),
        )
        if learnt_by is not None:
            copy_figures(connection, learnt_by.id, model_id)
        if not is_done(connection, FIT, facts["method"], input_hash):
            record_done(
                connection,
                FIT,
                facts["method"],
                input_hash,
                run_id=work.run_id,
                n_rows=facts["n_excerpts"],
                now=work.clock(),
            )
