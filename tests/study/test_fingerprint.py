"""One hash over what a study holds: content counts, runs and times and order do not."""

from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa

from study import tables as t
from study.decisions import Action, Verdict, record_action
from study.fingerprint import fingerprint_study
from study.ledger import record_done, start_run
from study.records import NewSuggestion
from study.suggestions import store_scores, store_suggestions
from study.transcripts import list_transcripts
from study.vectors import store_encoder, store_vectors
from tests.study.synthetic import (
    CODEBOOK,
    LATER,
    NOW,
    activate_model,
    import_coded,
    make_interview,
    set_desk,
)

INTERVIEWS = (make_interview("S1", keys=("trust",)), make_interview("S2", ("Synthetic é 🙂",)))
VECTORS = {"a": [0.6, 0.8], "b": [1.0, 0.0]}


def fill(study, *, interviews=INTERVIEWS, vectors=VECTORS, now=NOW, n_earlier_runs=0):
    """Give a study everything that a fingerprint covers."""
    # The key is a study's own; sources are only told apart under one key.
    (study.folder / "secrets" / "hash-key").write_text("ab" * 32, encoding="ascii")
    for interview in interviews:
        import_coded(study, interview, now=now)
    with study.database.write() as connection:
        for _ in range(n_earlier_runs):
            start_run(connection, "suggest", {}, flow_run_id="other", now=now)
        desk = set_desk(connection)
        run_id = desk.suggestions[0].run_id
        rows = np.array(list(vectors.values()), dtype=np.float32)
        store_vectors(connection, desk.model.encoder_id, list(vectors), rows)
        cut = next(x for x in list_transcripts(connection) if x.interview == "S2").segmentation_id
        scores = np.array([[0.25, 1.5, -2.0]], dtype=np.float32)
        store_scores(connection, scores, segmentation_id=cut, run_id=run_id, model=desk.model)
        record_done(connection, "embed", "S1", "abc", run_id=run_id, n_rows=3, now=now)
    return desk


def fingerprint_of(study):
    with study.database.read() as connection:
        return fingerprint_study(connection)


def test_fingerprint_does_not_depend_on_order_runs_or_times(new_study):
    with new_study() as one, new_study() as other:
        fill(one)
        fill(
            other,
            interviews=INTERVIEWS[::-1],
            vectors=dict(reversed(VECTORS.items())),
            now=LATER,
            n_earlier_runs=3,
        )

        assert fingerprint_of(one) == fingerprint_of(other)


def test_fingerprint_is_the_same_on_both_databases(sqlite, postgresql, tmp_path):
    with ExitStack() as stack:
        studies = [
            stack.enter_context(backend.new_study(tmp_path / name))
            for name, backend in (("one", sqlite), ("other", postgresql))
        ]
        for study in studies:
            desk = fill(study)
            with study.database.write() as connection:
                decide(connection, desk)

        one, other = map(fingerprint_of, studies)

    assert one == other
    assert len(one) == 64


def decide(connection, desk, verdict="accept"):
    verdicts = (Verdict(verdict, desk.code_ids[0], desk.suggestions[0].id), Verdict("done"))
    action = Action("action", desk.coder_id, desk.excerpt_ids[0], verdicts)
    record_action(connection, action, now=NOW)


def add_vector(connection, desk):
    store_vectors(connection, desk.model.encoder_id, ["c"], np.ones((1, 2), dtype=np.float32))


def add_codebook_note(connection, desk):
    connection.execute(sa.update(t.codebook_version).values(content_hash="other"))


def change_queue(connection, desk):
    connection.execute(sa.update(t.queue_item).values(is_unsure=True))


def change_order(connection, desk):
    connection.execute(sa.update(t.queue_item).values(priority=1.0))


def change_vector(connection, desk):
    row = np.array([0.6, 0.79], dtype="<f2").tobytes()
    connection.execute(
        sa.update(t.vector).where(t.vector.c.text_hash == "a").values({"values": row})
    )


def change_score_block(connection, desk):
    row = np.array([[0.25, 1.5, -2.5]], dtype="<f4").tobytes()
    connection.execute(sa.update(t.score_block).values({"values": row}))


def activate_another_model(connection, desk):
    activate_model(connection, "b" * 64)


def add_ledger_row(connection, desk):
    record_done(connection, "embed", "S2", "abc", run_id=1, n_rows=3, now=NOW)


def withhold_a_cut(connection, desk):
    connection.execute(sa.update(t.transcript_version).values(segmentation_id=None))


def remove_a_coding(connection, desk):
    connection.execute(sa.delete(t.coding))


@pytest.mark.parametrize(
    "change",
    [
        decide,
        add_vector,
        add_codebook_note,
        change_queue,
        change_order,
        change_vector,
        change_score_block,
        activate_another_model,
        add_ledger_row,
        withhold_a_cut,
        remove_a_coding,
    ],
)
def test_fingerprint_changes_with_the_content(study, change):
    desk = fill(study)
    before = fingerprint_of(study)

    with study.database.write() as connection:
        change(connection, desk)

    assert fingerprint_of(study) != before


def test_fingerprint_tells_verdicts_apart(new_study):
    found = []
    for verdict in ("accept", "reject", "pass_over"):
        with new_study() as study:
            desk = fill(study)
            with study.database.write() as connection:
                decide(connection, desk, verdict)
            found.append(fingerprint_of(study))

    assert len(set(found)) == 3


def test_fingerprint_changes_with_a_word(new_study):
    changed = replace(INTERVIEWS[1].excerpts[0], text="Synthetic e\u0301 🙂")
    with new_study() as one, new_study() as other:
        fill(one)
        fill(other, interviews=(INTERVIEWS[0], replace(INTERVIEWS[1], excerpts=(changed,))))

        assert fingerprint_of(one) != fingerprint_of(other)


def suggest_once(study, **changes):
    (study.folder / "secrets" / "hash-key").write_text("ab" * 32, encoding="ascii")
    import_coded(study, INTERVIEWS[1])
    with study.database.write() as connection:
        model = activate_model(connection)
        excerpt_id = connection.scalar(sa.select(t.excerpt.c.id))
        code_id = connection.scalar(sa.select(t.code.c.id).where(t.code.c.key == "trust"))
        made = {"score": 1.5, "rank": 1, "evidence": {"a": 1, "b": {"c": 2, "d": [1.5, "é"]}}}
        suggestion = NewSuggestion(excerpt_id, code_id, **{**made, **changes})
        store_suggestions(connection, [suggestion], run_id=1, model=model)
    return fingerprint_of(study)


def test_fingerprint_changes_with_what_a_suggestion_says(new_study):
    found = []
    for changes in (
        {},
        {"score": 1.5000000000000002},
        {"probability": 0.5},
        {"method": "neighbours"},
        {"rank": 2},
        {"evidence": {"a": 1, "b": {"c": 2, "d": [1.5, "e"]}}},
    ):
        with new_study() as study:
            found.append(suggest_once(study, **changes))

    assert len(set(found)) == 6


def test_fingerprint_does_not_depend_on_the_order_in_which_evidence_was_written(new_study):
    turned = {"b": {"d": [1.5, "é"], "c": 2}, "a": 1}
    with new_study() as one, new_study() as other:
        assert suggest_once(one) == suggest_once(other, evidence=turned)


def test_empty_studies_have_one_fingerprint(new_study):
    with new_study() as one, new_study(name="Another") as other:
        assert fingerprint_of(one) == fingerprint_of(other)
        with one.database.write() as connection:
            store_encoder(connection, "synthetic-encoder", "1")
        assert fingerprint_of(one) == fingerprint_of(other)


def test_study_with_another_codebook_differs(new_study):
    with new_study() as one, new_study() as other:
        for study, codebook in ((one, CODEBOOK), (other, replace(CODEBOOK, note="Other."))):
            (study.folder / "secrets" / "hash-key").write_text("ab" * 32, encoding="ascii")
            import_coded(study, *INTERVIEWS, codebook=codebook)

        assert fingerprint_of(one) != fingerprint_of(other)
