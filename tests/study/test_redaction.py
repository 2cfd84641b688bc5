"""Facts about replacing names in stored text; every word and name here is synthetic."""

import re
from uuid import uuid4

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.codings import read_coded_rows
from study.doctor import examine_study
from study.model_files import save_model
from study.records import CodedInterview, GivenExcerpt, Span
from study.redaction import (
    Searched,
    finish_redaction,
    forget_redacted,
    read_searched,
    redact,
)
from study.review_queue import find_coder
from study.stored_names import Marked
from study.transcripts import list_transcripts, read_excerpts
from study.vectors import hash_text, store_encoder, store_vectors
from tests.study.synthetic import LATER, import_coded, make_interview, set_desk

TEXTS = ("Synthetic: and Sanne?", "Synthetic: Sanne came with me, sanne did.", "No name here.")


def find_sanne(_stored, text):
    return [
        Marked(Span(*found.span()), "sanne", "CHILD")
        for found in re.finditer("sanne", text, re.IGNORECASE)
    ]


@pytest.fixture
def named_study(study):
    import_coded(study, make_interview(texts=TEXTS, keys=("trust",), participant="P1"))
    return study


def dump(study):
    """Give every value of every table as one text."""
    with study.database.read() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in t.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        )


def redact_with(study, find):
    redaction = redact(study, find, searched=Searched("g", 1), actor="anna", now=LATER)
    finish_redaction(study, now=LATER)
    return redaction


def redact_sanne(study):
    return redact_with(study, find_sanne)


def test_marked_name_is_replaced_in_every_table(named_study):
    redaction = redact_sanne(named_study)

    assert (redaction.n_replaced, redaction.n_transcripts) == (3, 1)
    assert "sanne" not in dump(named_study).lower()
    with named_study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
    assert transcript.text == (
        "Synthetic: and [CHILD_1]?\nSynthetic: [CHILD_1] came with me, [CHILD_1] did.\n"
        "No name here."
    )
    assert transcript.content_hash == hash_text(transcript.text)


def test_excerpts_and_codings_keep_their_words_and_codes(named_study):
    before = [(row.text, row.keys, row.coder) for row in rows_of(named_study)]

    redact_sanne(named_study)

    after = [(row.text, row.keys, row.coder) for row in rows_of(named_study)]
    replaced = [
        (re.sub("sanne", "[CHILD_1]", text, flags=re.IGNORECASE), keys, coder)
        for text, keys, coder in before
    ]
    assert after == replaced
    assert examine_study(named_study) == []


def rows_of(study):
    with study.database.read() as connection:
        return read_coded_rows(connection)


def test_offset_map_leads_from_the_first_text_to_the_last(named_study):
    redact_sanne(named_study)
    with named_study.database.read() as connection:
        rows = connection.scalar(sa.select(t.transcript_version.c.offset_map))

    raw = "\n".join(TEXTS)
    assert [raw[a:b].lower() for a, b, _, _ in rows] == ["sanne"] * 3


def test_vectors_of_the_old_words_are_forgotten_and_the_others_kept(named_study):
    with named_study.database.write() as connection:
        encoder = store_encoder(connection, "fake", "1")
        hashes = [hash_text(text) for text in (*TEXTS, "A sentence with Sanne.")]
        store_vectors(connection, encoder, hashes, np.ones((4, 3), dtype=np.float32))

    redact_sanne(named_study)

    with named_study.database.read() as connection:
        assert list(connection.scalars(sa.select(t.vector.c.text_hash))) == [hash_text(TEXTS[2])]


def test_models_are_deleted_and_decisions_stay(named_study):
    folder = named_study.folder / "models"
    sha256 = save_model(folder, {"mean": np.ones(3)}, {})
    with named_study.database.write() as connection:
        set_desk(connection)
        connection.execute(sa.update(t.model_version).values(sha256=sha256))
        n_decisions = connection.scalar(sa.select(sa.func.count()).select_from(t.decision))

    assert redact_sanne(named_study).n_models == 1

    assert not (folder / sha256).exists()
    with named_study.database.read() as connection:
        count = sa.select(sa.func.count()).select_from(t.decision)
        assert connection.scalar(count) == n_decisions > 0
        assert find_coder(connection, named_study.settings.coder)


def test_files_of_a_redacted_model_that_a_kill_left_are_deleted_by_the_next_run(named_study):
    folder = named_study.folder / "models"
    sha256 = save_model(folder, {"mean": np.ones(3)}, {})
    with named_study.database.write() as connection:
        set_desk(connection)
        connection.execute(sa.update(t.model_version).values(sha256=sha256, state="redacted"))

    forget_redacted(named_study)

    assert not (folder / sha256).exists()


def test_redaction_deletes_models_that_a_killed_run_stored_no_version_of(named_study):
    folder = named_study.folder / "models"
    save_model(folder, {"words": np.array(["synthetic Sanne"])}, {})
    draft = folder / ".draft-killed"
    draft.mkdir()
    (draft / "words.npy").write_text("synthetic Sanne")
    (folder / "stray").write_text("synthetic Sanne")

    with named_study.lock():
        redact_sanne(named_study)

    assert list(folder.iterdir()) == []


def test_model_made_since_the_redaction_is_kept(named_study):
    folder = named_study.folder / "models"
    sha256 = save_model(folder, {"mean": np.ones(3)}, {})
    save_model(folder, {"mean": np.zeros(3)}, {})
    with named_study.database.write() as connection:
        set_desk(connection)
        connection.execute(sa.update(t.model_version).values(sha256=sha256))

    with named_study.lock():
        forget_redacted(named_study)

    assert [path.name for path in folder.iterdir()] == [sha256]


def test_memo_is_redacted_too(named_study):
    with named_study.database.write() as connection:
        coder = connection.scalar(sa.select(t.coder.c.id).limit(1))
        memo = {"coder_id": coder, "subject": "study", "text": "Ask Sanne.", "made_at": LATER}
        connection.execute(sa.insert(t.memo).values(memo))

    assert redact_sanne(named_study).n_elsewhere == 1

    with named_study.database.read() as connection:
        assert connection.scalar(sa.select(t.memo.c.text)) == "Ask [CHILD_1]."


def audited(study):
    with study.database.read() as connection:
        rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.id)).all()
    return [(row.actor, row.action, row.details) for row in rows]


def test_redaction_search_and_vacuum_are_audited_in_counts(named_study):
    redact_sanne(named_study)

    counts = {"n_replaced": 3, "n_transcripts": 1, "n_elsewhere": 0, "n_models": 0}
    assert audited(named_study) == [
        ("anna", "redact", counts),
        ("anna", "search names", {"gazetteer": "g", "version_id": 1}),
        (named_study.settings.coder, "vacuum", {}),
    ]


def test_nothing_found_is_noted_as_searched_and_changes_nothing_else(named_study):
    redaction = redact_with(named_study, lambda _stored, _text: [])

    assert redaction.n_replaced == 0
    assert [action for _, action, _ in audited(named_study)] == ["search names"]
    with named_study.database.read() as connection:
        assert read_searched(connection) == Searched("g", 1)


def test_vacuum_that_a_kill_prevented_is_made_up_for(named_study):
    redact(named_study, find_sanne, searched=Searched("g", 1), actor="anna", now=LATER)
    assert "vacuum" not in [action for _, action, _ in audited(named_study)]

    finish_redaction(named_study, now=LATER)
    finish_redaction(named_study, now=LATER)

    assert [action for _, action, _ in audited(named_study)].count("vacuum") == 1


def test_speakers_label_and_participants_group_are_redacted_too(study):
    turns = (("Sanne", "Synthetic: hello."), ("participant", "Hi."))
    excerpts = tuple(
        GivenExcerpt(f"S1-e{n}", n, speaker, text) for n, (speaker, text) in enumerate(turns)
    )
    import_coded(study, CodedInterview("S1", "synthetic", "nl", "P1", excerpts, ()))
    with study.database.write() as connection:
        participant = connection.scalar(sa.select(t.participant.c.id))
        row = {"participant_id": participant, "name": "notes", "value": "mother of Sanne"}
        connection.execute(sa.insert(t.participant_attribute).values(row))

    assert redact_sanne(study).n_elsewhere == 2

    assert "sanne" not in dump(study).lower()


def test_name_is_nowhere_in_the_files_of_the_study(tmp_path, backend):
    """Neither the database's free pages nor its log keep what was replaced."""
    name = f"Sanne{uuid4().hex}"
    with backend.new_study(tmp_path / "named") as study:
        texts = tuple(f"Synthetic {n}: {name} was there." for n in range(50))
        import_coded(study, make_interview(texts=texts))
        redact_with(
            study,
            lambda _stored, text: [
                Marked(Span(*found.span()), "x", "CHILD") for found in re.finditer(name, text)
            ],
        )

        held = [p.name for p in study.folder.rglob("*") if p.is_file() and holds(p, name)]
        assert held == []
        with study.database.read() as connection:
            (transcript,) = list_transcripts(connection)
            assert len(read_excerpts(connection, transcript)) == 50


words = st.sampled_from(["synthetic", "Sanne", "sanne", "Sannes", "é", "🙂", "huis", "\n", "[x]"])


@settings(max_examples=12)
@given(st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=5))
def test_every_excerpt_reads_as_before_but_for_the_names(new_study, spoken):
    with new_study() as study:
        import_coded(study, make_interview(texts=tuple(spoken), keys=("trust",)))
        before = [row.text for row in rows_of(study)]

        redact_sanne(study)

        after = [row.text for row in rows_of(study)]
        assert after == [re.sub("(?i)sanne", "[CHILD_1]", text) for text in before]
        with study.database.read() as connection:
            (transcript,) = list_transcripts(connection)
            for excerpt in read_excerpts(connection, transcript):
                span = excerpt.span
                assert excerpt.text == transcript.text[span.start_char : span.end_char]
                assert excerpt.text_hash == hash_text(excerpt.text)


def holds(path, name):
    return name.encode() in path.read_bytes()
