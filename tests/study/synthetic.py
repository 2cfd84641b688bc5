"""Synthetic interviews: every word here was invented for these tests."""

import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from hypothesis import strategies as st

from codebook.reader import parse_codebook
from study import tables as t
from study.codebooks import current_codebook
from study.coded_file import take_in
from study.codings import CodedRow
from study.ledger import start_run
from study.records import CodedInterview, GivenCoding, GivenExcerpt, NewSuggestion
from study.review_queue import find_coder, queue_excerpts
from study.suggestions import current_model, read_suggestions, store_model, store_suggestions
from study.transcripts import list_transcripts, read_excerpts
from study.vectors import store_encoder

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 2, 6, 10, 45, tzinfo=UTC)

CODEBOOK = parse_codebook(
    """
name: Synthetic codebook
codes:
- {key: trust, name: Trust, definition: Relying on the worker., colour: '#2A6F97'}
- key: verandering
  name: Verandering
  definition: Thuis werd het anders, één keer. 🏠
  parent: trust
  include: [rust]
- {key: sharing, name: Sharing, definition: Telling what is hard., examples: [I told her all.]}
relations:
- {from: trust, to: sharing, kind: leads_to}
themes:
- {key: bond, name: Bond, central_idea: It grows., memo: Synthetic., codes: [sharing, trust]}
"""
)
KEYS = tuple(CODEBOOK.by_key)

COMPOSED = "Synthetisch: ik zat in het café, één keer."
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
TEXTS = (
    "Synthetic: how did the first talk go? 🙂",
    "Synthetisch: ze luisterde 👩‍👧 en ik dacht: 𝒘𝒂𝒕 nu?\r\nToen zei ik het.",  # noqa: RUF001  astral on purpose
    COMPOSED,
    DECOMPOSED,
    "",
    "Synthetic:\tshe came back 🏠, and things at home were calmer.\n",
)


def make_interview(label="S1", texts=TEXTS, *, coders=("anna",), keys=(), **facts):
    """Make an interview of alternating turns; every coder gives every excerpt the same codes."""
    excerpts = tuple(
        GivenExcerpt(f"{label}-e{n}", n, ("interviewer", "participant")[n % 2], text)
        for n, text in enumerate(texts)
    )
    pairs = [(excerpt, coder) for excerpt in excerpts for coder in coders]
    codings = tuple(
        GivenCoding(excerpt.label, coder, tuple(keys), line)
        for line, (excerpt, coder) in enumerate(pairs, start=2)
    )
    facts = {"dataset": "synthetic", "language": "nl", "participant": None, **facts}
    return CodedInterview(label=label, excerpts=excerpts, codings=codings, **facts)


def import_coded(study, *interviews, codebook=CODEBOOK, is_segmenting=False, now=NOW):
    """Take interviews into a study."""
    return take_in(study, interviews, codebook, is_segmenting=is_segmenting, now=now)


# What a reader hands on: UTF-8 has no lone surrogates, and the readers refuse NUL.
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
labels = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8
) | st.sampled_from(["a/b", "b", "a", "b/c", "é", "e\u0301", "🙂"])


@dataclass(frozen=True)
class CodedFile:
    """Interviews as a reader gives them, and the rows that they were read from."""

    interviews: tuple[CodedInterview, ...]
    rows: tuple[CodedRow, ...]


@st.composite
def interview_frames(draw, label):
    names = draw(st.lists(labels, min_size=1, max_size=4, unique=True))
    size = {"min_size": len(names), "max_size": len(names)}
    positions = draw(st.lists(st.integers(0, 2**31 - 1), **size, unique=True))
    spoken = draw(st.lists(texts, **size))
    speakers = draw(st.lists(labels | st.sampled_from(["participant", "interviewer"]), **size))
    frame = CodedRow(
        dataset=draw(texts),
        interview=label,
        excerpt="",
        position=0,
        speaker="",
        text="",
        coder="",
        keys=(),
        participant=draw(st.none() | st.sampled_from(["P1", "P2"])),
        language=draw(st.sampled_from([None, "nl", "en"])),
    )
    return [
        CodedRow(**{**vars(frame), "excerpt": e, "position": p, "speaker": s, "text": w})
        for e, p, s, w in zip(names, positions, speakers, spoken, strict=True)
    ]


@st.composite
def coded_files(draw):
    """Draw a file of several interviews and coders, its rows in any order."""
    interviews = draw(st.lists(labels, min_size=1, max_size=3, unique=True))
    coders = draw(st.lists(labels, min_size=1, max_size=3, unique=True))
    frames = [frame for label in interviews for frame in draw(interview_frames(label))]
    pairs = st.tuples(st.sampled_from(frames), st.sampled_from(coders))
    chosen = draw(
        st.lists(pairs, min_size=1, unique_by=lambda p: (p[0].interview, p[0].excerpt, p[1]))
    )
    rows = [
        CodedRow(
            **{
                **vars(frame),
                "coder": coder,
                "keys": tuple(draw(st.lists(st.sampled_from(KEYS), unique=True))),
            }
        )
        for frame, coder in chosen
    ]
    return CodedFile(tuple(group_rows(rows)), tuple(rows))


def group_rows(rows):
    """Group a file's rows by interview, as a reader does."""
    for label in dict.fromkeys(row.interview for row in rows):
        lines = [(line, row) for line, row in enumerate(rows, start=2) if row.interview == label]
        excerpts = {
            row.excerpt: GivenExcerpt(row.excerpt, row.position, row.speaker, row.text)
            for _, row in lines
        }
        yield CodedInterview(
            label=label,
            dataset=lines[0][1].dataset,
            language=lines[0][1].language,
            participant=lines[0][1].participant,
            excerpts=tuple(sorted(excerpts.values(), key=lambda excerpt: excerpt.position)),
            codings=tuple(GivenCoding(r.excerpt, r.coder, r.keys, line) for line, r in lines),
        )


@contextmanager
def rolled_back(study):
    """Open a writing transaction of which nothing stays."""
    with study.database.engine.connect() as opened:
        connection = opened.execution_options(themeloop_write=True)
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


def activate_model(connection, sha256="a" * 64, *, method="similarity", now=NOW):
    """Make a model current that was fitted to nothing; give it."""
    run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=now)
    store_model(
        connection,
        method=method,
        encoder_id=store_encoder(connection, "synthetic-encoder", "1"),
        codebook_version_id=current_codebook(connection).id,
        run_id=run_id,
        sha256=sha256,
        settings_hash="synthetic-settings",
        n_excerpts=1,
        now=now,
    )
    return current_model(connection, method)


def suggest_all(connection, model):
    """Suggest the first two codes for every published excerpt; queue them for the coders."""
    run_id = connection.scalar(sa.select(sa.func.max(t.run.c.id)))
    code_ids = list(current_codebook(connection).code_ids.values())
    n_items = 0
    for transcript in list_transcripts(connection):
        excerpts = read_excerpts(connection, transcript)
        made = [
            NewSuggestion(excerpt.id, code_id, 2.5 - rank / 4, rank, {"part": "é 🙂", "n": rank})
            for excerpt in excerpts
            for rank, code_id in enumerate(code_ids[:2], start=1)
        ]
        store_suggestions(connection, made, run_id=run_id, model=model)
        n_items += queue_excerpts(connection, transcript, excerpts, model.id)
    return n_items


@dataclass(frozen=True)
class Desk:
    """What the coder of the page has before them."""

    coder_id: int
    excerpt_ids: tuple[int, ...]
    code_ids: tuple[int, ...]
    suggestions: tuple[object, ...]
    model: object


def set_desk(connection):
    """Queue what the study holds, with suggestions, for the coder of the page."""
    model = activate_model(connection)
    suggest_all(connection, model)
    excerpts = [
        excerpt.id
        for transcript in list_transcripts(connection)
        for excerpt in read_excerpts(connection, transcript)
    ]
    return Desk(
        coder_id=find_coder(connection, "coder"),
        excerpt_ids=tuple(excerpts),
        code_ids=tuple(current_codebook(connection).code_ids.values()),
        suggestions=tuple(read_suggestions(connection, model_id=model.id)),
        model=model,
    )
