"""Every suggestion names where it came from; scores come back as they were."""

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from study import tables as t
from study.records import NewSuggestion
from study.suggestions import (
    count_current,
    count_of_run,
    current_model,
    read_current_suggestions,
    read_scores,
    read_suggestions,
    store_model,
    store_scores,
    store_suggestions,
)
from study.transcripts import list_transcripts
from tests.study.synthetic import (
    NOW,
    activate_model,
    import_coded,
    make_interview,
    rolled_back,
    set_desk,
)


@pytest.fixture
def desk(study):
    import_coded(study, make_interview("S2", ("One.", "Two.")), make_interview("S1", ("Three.",)))
    with study.database.write() as connection:
        return set_desk(connection)


def test_suggestion_names_where_it_came_from(study, desk):
    first = desk.suggestions[0]

    assert (first.method, first.encoder, first.model, first.codebook_version) == (
        "similarity",
        "synthetic-encoder",
        "a" * 64,
        1,
    )
    assert (first.code_key, first.score, first.rank) == ("trust", 2.25, 1)
    assert first.evidence == {"part": "é 🙂", "n": 1}
    with study.database.read() as connection:
        assert first.run_id == connection.scalar(sa.select(t.run.c.id))


def test_suggestions_come_in_transcript_order_strongest_first(desk):
    found = [(item.excerpt_id, item.rank) for item in desk.suggestions]

    assert found == [(excerpt, rank) for excerpt in desk.excerpt_ids for rank in (1, 2)]


def test_suggestions_are_read_for_chosen_excerpts_or_one_cut(study, desk):
    with study.database.read() as connection:
        second = list_transcripts(connection)[1]
        chosen = read_suggestions(
            connection, model_id=desk.model.id, excerpt_ids=desk.excerpt_ids[:1]
        )
        of_cut = read_suggestions(
            connection, model_id=desk.model.id, segmentation_id=second.segmentation_id
        )
        of_none = read_suggestions(connection, model_id=desk.model.id, excerpt_ids=[])

    assert chosen == list(desk.suggestions[:2])
    assert of_cut == list(desk.suggestions[4:])
    assert of_none == []


def test_current_suggestions_carry_the_names_of_their_interview_and_excerpt(study, desk):
    with study.database.read() as connection:
        placed = read_current_suggestions(connection)

    assert [(item.interview, item.excerpt) for item in placed[::2]] == [
        ("S2", "S2-e0"),
        ("S2", "S2-e1"),
        ("S1", "S1-e0"),
    ]
    assert tuple(item.suggestion for item in placed) == desk.suggestions


def test_suggestions_are_counted_by_run_and_as_they_stand(study, desk):
    with study.database.write() as connection:
        run_id = desk.suggestions[0].run_id
        assert count_of_run(connection, run_id) == 6
        assert count_current(connection) == (6, 3)

        activate_model(connection, "b" * 64)

        assert count_of_run(connection, run_id + 1) == 0
        assert count_current(connection) == (0, 0)


def test_nothing_suggested_is_stored_as_nothing(study, desk):
    with study.database.write() as connection:
        store_suggestions(connection, [], run_id=1, model=desk.model)

        assert count_current(connection) == (6, 3)


def states_of_models(connection):
    rows = connection.execute(sa.select(t.model_version.c.id, t.model_version.c.state))
    return {row.id: row.state for row in rows}


def test_newer_model_retires_the_one_before(study, desk):
    with study.database.write() as connection:
        newer = activate_model(connection, "b" * 64)

        states = states_of_models(connection)

        assert current_model(connection, "similarity") == newer
    assert states == {desk.model.id: "retired", newer.id: "current"}


def test_older_model_becomes_current_again_as_the_same_row(study, desk):
    with study.database.write() as connection:
        newer = activate_model(connection, "b" * 64)

        again = activate_model(connection, "a" * 64)

        states = states_of_models(connection)
    assert (again.id, again.n_activations) == (desk.model.id, 2)
    assert states == {desk.model.id: "current", newer.id: "retired"}


def test_study_has_one_current_model_of_whatever_method(study, desk):
    with study.database.write() as connection:
        other = activate_model(connection, "c" * 64, method="classifier")

        states = states_of_models(connection)

        assert current_model(connection, "classifier") == other
        assert current_model(connection, "similarity") is None
        assert current_model(connection, "unheard of") is None
    assert states == {desk.model.id: "retired", other.id: "current"}


def test_model_made_under_other_settings_is_not_current(study, desk):
    with study.database.read() as connection:
        assert current_model(connection, "similarity", "synthetic-settings") == desk.model
        assert current_model(connection, "similarity", "other settings") is None


@settings(max_examples=20)
@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6),
        elements=st.floats(width=32, allow_nan=False),
    )
)
def test_scores_come_back_as_they_were(study, desk, scores):
    with rolled_back(study) as connection:
        cut = list_transcripts(connection)[0].segmentation_id
        run_id = desk.suggestions[0].run_id
        store_scores(connection, scores, segmentation_id=cut, run_id=run_id, model=desk.model)

        found = read_scores(connection, cut, desk.model.id)

    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, scores)


def test_suggestion_keeps_its_probability_and_what_proposed_it(study, desk):
    with study.database.write() as connection:
        newer = activate_model(connection, "b" * 64)
        made = [
            NewSuggestion(desk.excerpt_ids[0], desk.code_ids[0], 2.0, 1, {}, 0.7, "neighbours"),
            NewSuggestion(desk.excerpt_ids[0], desk.code_ids[1], 1.0, 2, {}),
        ]
        store_suggestions(connection, made, run_id=1, model=newer)

        found = read_suggestions(connection, model_id=newer.id)

    assert [(each.probability, each.method) for each in found] == [
        (0.7, "neighbours"),
        (None, "similarity"),
    ]


def test_scores_that_were_never_made_are_none(study, desk):
    with study.database.read() as connection:
        assert read_scores(connection, 4711, desk.model.id) is None


def test_model_keeps_what_it_was_fitted_to(study, desk):
    with study.database.write() as connection:
        store_model(
            connection,
            method="similarity",
            encoder_id=desk.model.encoder_id,
            codebook_version_id=desk.model.codebook_version_id,
            run_id=desk.suggestions[0].run_id,
            sha256="d" * 64,
            settings_hash="other",
            n_excerpts=4711,
            now=NOW,
        )

        model = current_model(connection, "similarity", "other")

    assert (model.n_excerpts, model.n_activations, model.sha256) == (4711, 1, "d" * 64)
    assert model.encoder == "synthetic-encoder"
