"""Makes what an evaluation reads without a database; every word here is synthetic."""

from dataclasses import replace
from datetime import UTC, datetime

from codebook.reader import parse_codebook
from pipeline.evaluation.material import InterviewMaterial, Material
from study.codebooks import CodebookVersion
from study.coded_work import Case, FinishedWork
from study.model_versions import StoredModel
from study.records import Excerpt, Span, Transcript

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEYS = ("trust", "change", "sharing")
CODEBOOK = parse_codebook(
    """
name: Synthetic codebook
codes:
- {key: trust, name: Trust, definition: Relying on the worker.}
- {key: change, name: Change, definition: It became different at home.}
- {key: sharing, name: Sharing, definition: Telling what is hard.}
"""
)
ALL = " ".join(KEYS)
LENGTH = 10


def book_of(*keys):
    """Give the synthetic codebook with these codes only."""
    return replace(CODEBOOK, codes=tuple(code for code in CODEBOOK.codes if code.key in keys))


def ids_of(keys):
    """Give the rows of codes named in a line, such as "trust sharing"."""
    return frozenset(KEYS.index(key) + 1 for key in keys.split())


def span_of(place):
    """Give the span of the excerpt in a place; all are of one length, with a gap between."""
    return Span(place * LENGTH, (place + 1) * LENGTH - 1)


def work(
    coder,
    place,
    given="",
    *,
    judged=ALL,
    is_assisted=False,
    drawn_at=None,
    left_at=None,
    is_whole=False,
    model=None,
    version=1,
    round_id=None,
    span=None,
):
    """Make one excerpt as a coder finished it.

    Args:
        drawn_at, left_at: The rate of the draw in which the excerpt was drawn, or was not.
    """
    return FinishedWork(
        coder=coder,
        excerpt_id=place + 1,
        span=span or span_of(place),
        given=ids_of(given),
        judged=ids_of(judged),
        is_assisted=is_assisted,
        codebook_version_id=version,
        round_id=round_id,
        draw_rate=left_at if drawn_at is None else drawn_at,
        is_drawn=drawn_at is not None,
        is_whole=is_whole,
        model_id=model,
    )


def read_whole(coder, *given, **facts):
    """Make a blind reading of a whole interview, from a file; None is an excerpt left out."""
    return [
        work(coder, place, keys, is_whole=True, **facts)
        for place, keys in enumerate(given)
        if keys is not None
    ]


def interview(
    label,
    work,
    suggested=None,
    *,
    n_excerpts=8,
    participant=None,
    group=None,
    attributes=None,
    by_model=None,
    headline=1,
    fit=None,
    texts=None,
):
    """Make one interview of excerpts of equal length.

    Args:
        suggested: By place, what model version 1 suggests; by_model: the same for several.
        fit: The versions that have learnt nothing from its group; all unless told.
        texts: Of its excerpts, each of at most nine characters.
    """
    words = [text.ljust(LENGTH - 1) for text in texts or ["synthetic"] * n_excerpts]
    assert {len(text) for text in words} <= {LENGTH - 1}
    by_model = by_model or {1: suggested or {}}
    excerpts = tuple(
        Excerpt(place + 1, f"{label}_e{place}", place, span_of(place), words[place], f"h{place}")
        for place in range(len(words))
    )
    return InterviewMaterial(
        transcript=Transcript(
            id=1,
            interview_id=1,
            interview=label,
            language="en",
            text="\n".join(words),
            content_hash="c",
            segmentation_id=1,
        ),
        case=Case(
            participant or f"P-{label}", group or participant or f"P-{label}", attributes or {}
        ),
        excerpts=excerpts,
        work=tuple(work),
        suggested={
            model: [
                (place + 1, code) for place, keys in marked.items() for code in sorted(ids_of(keys))
            ]
            for model, marked in by_model.items()
        },
        fit_models=frozenset(by_model) if fit is None else frozenset(fit),
        headline=headline,
        n_drawn=0,
    )


def model(number, *, method="similarity", state="current", trained_on=()):
    """Make a model version."""
    return StoredModel(
        id=number,
        method=method,
        encoder="synthetic-encoder",
        sha256=str(number) * 64,
        state=state,
        settings_hash="s",
        codebook_version=1,
        trained_on=frozenset(trained_on),
        made_at=NOW,
    )


def material(*interviews, keys=KEYS, models=None, rounds=None, versions=None):
    """Make the material of interviews; its coders are those of the work."""
    book = book_of(*keys)
    code_ids = {code.guid: KEYS.index(code.key) + 1 for code in book.codes}
    numbers = sorted({each for one in interviews for each in one.suggested})
    interviews = tuple(
        replace(one, transcript=replace(one.transcript, id=row, interview_id=row))
        for row, one in enumerate(interviews, start=1)
    )
    return Material(
        codebook=CodebookVersion(1, 1, book, code_ids),
        models=tuple(models or (model(number) for number in numbers)),
        interviews=interviews,
        coders=tuple(sorted({each.coder for one in interviews for each in one.work})),
        versions=versions or {1: 1},
        rounds=rounds or {},
        n_waiting=0,
        n_learnt=0,
    )
