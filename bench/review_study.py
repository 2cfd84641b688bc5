"""Makes studies of any size for the benchmarks of the page; every word in them is made up."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from bench.made_up import ASKING, draw_interviews, make_codebook, make_guid
from bench.terminal import Report
from study import tables as t
from study.clock import utc_now
from study.codebooks import current_codebook
from study.coded_file import take_in
from study.database import Connection
from study.draws import store_draw
from study.folder import Study, create_study
from study.ledger import finish_run, start_run
from study.records import Excerpt, NewSuggestion, Transcript
from study.review_queue import ensure_coder, find_coder, queue_excerpts
from study.settings import make_settings
from study.suggestions import (
    current_model,
    read_suggestions,
    store_model,
    store_suggestions,
)
from study.transcripts import list_transcripts, read_excerpts
from study.vectors import store_encoder

CODER = "coder"
AT_MOST_SUGGESTED = 3


def make_review_study(folder: Path, *, n_excerpts: int, seed: int, report: Report) -> Study:
    """Make a study halfway through its coding: half of its interviews are done, half wait.

    Interviews have about a hundred excerpts of about sixty words, up to three suggestions each,
    and a tenth of them drawn to be coded blind, as in a study that the pipeline filled.
    """
    study = create_study(folder, make_settings(made_up_settings()), now=utc_now())
    interviews = draw_interviews(np.random.default_rng(seed), n_excerpts=n_excerpts)
    take_in(study, interviews, make_codebook(seed), is_segmenting=False, now=utc_now())
    with study.database.write() as connection:
        ensure_coder(connection, CODER, now=utc_now())
    propose_made_up(study, seed=seed, report=report)
    with study.database.write() as connection:
        transcripts = list_transcripts(connection)
        for place, transcript in enumerate(transcripts[: len(transcripts) // 2]):
            report("Deciding on half", place, len(transcripts) // 2)
            _decide(connection, transcript)
    report("Deciding on half", 1, 1)
    return study


def propose_made_up(study: Study, *, seed: int, report: Report) -> None:
    """Draw suggestions for every excerpt, and what is blind, and queue all, as a run does."""
    rng = np.random.default_rng(seed)
    with study.database.write() as connection:
        run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=utc_now())
        _store_model(connection, run_id, sha256=f"{seed:064d}")
        transcripts = list_transcripts(connection)
    for place, transcript in enumerate(transcripts):
        report("Suggesting", place, len(transcripts))
        with study.database.write() as connection:
            _fill(study, connection, transcript, run_id, rng)
    report("Suggesting", len(transcripts), len(transcripts))
    with study.database.write() as connection:
        finish_run(connection, run_id, state="finished", counts={}, now=utc_now())


def made_up_settings(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a setting takes
    """Give the settings of a made-up study, which opens without a password."""
    return {
        "name": "Made up for a benchmark",
        "coder": CODER,
        "language": "en",
        "is_synthetic": True,
        "stance": "coding reliability",
        "open_without_password": True,
        **more,
    }


def _store_model(connection: Connection, run_id: int, *, sha256: str) -> None:
    store_model(
        connection,
        method="similarity",
        encoder_id=store_encoder(connection, "made-up", "1"),
        codebook_version_id=current_codebook(connection).id,
        run_id=run_id,
        sha256=sha256,
        settings_hash="made-up",
        n_excerpts=0,
        now=utc_now(),
    )


def _fill(
    study: Study,
    connection: Connection,
    transcript: Transcript,
    run_id: int,
    rng: np.random.Generator,
) -> None:
    """Suggest codes for an interview, draw what is blind in it, and queue it."""
    settings = study.settings
    excerpts = read_excerpts(connection, transcript)
    model = current_model(connection, "similarity")
    assert model is not None
    suggestions = list(_draw_suggestions(connection, rng, excerpts))
    store_suggestions(connection, suggestions, run_id=run_id, model=model)
    store_draw(
        connection,
        transcript,
        excerpts,
        cut=transcript.content_hash,
        rate=settings.blind_rate,
        run_length=settings.blind_run_excerpts,
        keyed_hash=study.keyed_hash,
        now=utc_now(),
    )
    queue_excerpts(connection, transcript, excerpts, model.id)


def _draw_suggestions(
    connection: Connection, rng: np.random.Generator, excerpts: Sequence[Excerpt]
) -> Iterator[NewSuggestion]:
    codes = list(current_codebook(connection).code_ids.values())
    # Those were added first and are done, so that what somebody coded can be quoted.
    n_earlier = excerpts[0].id // 2 + 1
    for excerpt in excerpts:
        if excerpt.position % ASKING == 0:
            continue
        for rank, code in enumerate(rng.choice(codes, size=AT_MOST_SUGGESTED, replace=False), 1):
            near = rng.integers(1, n_earlier + 1, size=2).tolist()
            evidence = {
                "kind": "nearest",
                "nearest": [{"excerpt": each, "similarity": 0.6} for each in near],
                "words": [[0, 12]],
                "part": {"kind": "example", "index": 0, "similarity": 0.5},
            }
            chance = round(float(rng.uniform(0.2, 0.9)), 3)
            yield NewSuggestion(excerpt.id, int(code), 3.0 - rank / 2, rank, evidence, chance)


def _decide(connection: Connection, transcript: Transcript) -> None:
    """Give what is suggested first for each excerpt of an interview, and finish it."""
    coder_id = find_coder(connection, CODER)
    excerpts = read_excerpts(connection, transcript)
    model = current_model(connection, "similarity")
    assert model is not None
    suggestions = read_suggestions(
        connection, model_id=model.id, excerpt_ids=[excerpt.id for excerpt in excerpts]
    )
    code_ids = current_codebook(connection).code_ids
    first = {each.excerpt_id: code_ids[each.code_guid] for each in suggestions if each.rank == 1}
    fixed = {
        "coder_id": coder_id,
        "codebook_version_id": model.codebook_version_id,
        "origin": "page",
        "is_assisted": False,
        "made_at": utc_now(),
    }
    rows = []
    for excerpt in excerpts:
        about = {**fixed, "action": make_guid(f"action {excerpt.id}"), "excerpt_id": excerpt.id}
        code = first.get(excerpt.id)
        if code is not None:
            rows.append({**about, "part": 0, "verdict": "add", "code_id": code})
        rows.append({**about, "part": 1, "verdict": "done", "code_id": None})
    connection.execute(sa.insert(t.decision), rows)
    mine = t.queue_item.c.excerpt_id.in_([excerpt.id for excerpt in excerpts])
    n_given = sa.case((t.queue_item.c.excerpt_id.in_(first), 1), else_=0)
    connection.execute(sa.update(t.queue_item).where(mine).values(is_done=True, n_given=n_given))
