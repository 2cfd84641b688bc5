"""Every model version is known with what it learnt from, scored and suggested."""

import numpy as np
import pytest
import sqlalchemy as sa

from study import tables as t
from study.codebooks import current_codebook
from study.cuts import publish_segmentation
from study.cuts import store_segmentation as store_cut
from study.model_versions import TRAINED_ON, list_models, read_scored, read_suggested
from study.records import NewSuggestion, Span
from study.suggestions import store_scores, store_suggestions
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import NOW, activate_model, import_coded, make_interview


@pytest.fixture
def two_interviews(study):
    import_coded(study, make_interview("S1", ("One.", "Two.")), make_interview("S2", ("Three.",)))
    return study


def score(connection, model, transcript):
    n_excerpts = len(read_excerpts(connection, transcript))
    store_scores(
        connection,
        np.zeros((n_excerpts, 3), dtype=np.float32),
        segmentation_id=transcript.segmentation_id,
        run_id=connection.scalar(sa.select(sa.func.max(t.run.c.id))),
        model=model,
    )


def suggest(connection, model, excerpt, code_id):
    run_id = connection.scalar(sa.select(sa.func.max(t.run.c.id)))
    made = [NewSuggestion(excerpt.id, code_id, 1.5, 1, {})]
    store_suggestions(connection, made, run_id=run_id, model=model)


def test_study_without_models_lists_none(two_interviews):
    with two_interviews.database.read() as connection:
        assert list_models(connection) == []
        assert read_scored(connection) == {}


def test_models_are_listed_oldest_first_with_what_each_is(two_interviews):
    with two_interviews.database.write() as connection:
        first = activate_model(connection, "a" * 64)
        second = activate_model(connection, "b" * 64, method="trained")
        third = activate_model(connection, "c" * 64)

        models = list_models(connection)

    assert [model.id for model in models] == [first.id, second.id, third.id]
    assert [model.method for model in models] == ["similarity", "trained", "similarity"]
    assert [model.state for model in models] == ["retired", "retired", "current"]
    assert {(m.encoder, m.settings_hash, m.codebook_version, m.made_at) for m in models} == {
        ("synthetic-encoder", "synthetic-settings", 1, NOW)
    }


def test_model_names_the_interviews_whose_codings_it_learnt_from(two_interviews):
    with two_interviews.database.write() as connection:
        activate_model(connection, "a" * 64)
        learnt = activate_model(connection, "b" * 64, method="trained")
        connection.execute(
            sa.update(t.model_version)
            .where(t.model_version.c.id == learnt.id)
            .values(figures={TRAINED_ON: [2, 1]})
        )

        models = list_models(connection)

    assert [model.trained_on for model in models] == [frozenset(), {1, 2}]


def test_cut_knows_every_model_that_scored_it(two_interviews):
    with two_interviews.database.write() as connection:
        one, other = list_transcripts(connection)
        first, second = (activate_model(connection, name * 64) for name in "ab")
        score(connection, first, one)
        score(connection, second, one)
        score(connection, second, other)

        scored = read_scored(connection)

    assert scored == {
        one.segmentation_id: {first.id, second.id},
        other.segmentation_id: {second.id},
    }


def test_suggestions_are_given_by_model_and_silence_is_an_empty_list(two_interviews):
    with two_interviews.database.write() as connection:
        one, other = list_transcripts(connection)
        trust, change, _ = current_codebook(connection).code_ids.values()
        first, second = (activate_model(connection, name * 64) for name in "ab")
        excerpts = read_excerpts(connection, one)
        suggest(connection, first, excerpts[1], trust)
        suggest(connection, first, excerpts[0], change)
        suggest(connection, first, read_excerpts(connection, other)[0], trust)

        suggested = read_suggested(connection, one.segmentation_id, [first.id, second.id])
        only_second = read_suggested(connection, one.segmentation_id, [second.id])
        nothing = read_suggested(connection, one.segmentation_id, [])

    pairs = [(excerpts[1].id, trust), (excerpts[0].id, change)]
    assert suggested == {first.id: pairs, second.id: []}
    assert only_second == {second.id: []}
    assert nothing == {}


def test_suggestions_for_another_cut_of_the_same_text_are_left_out(two_interviews):
    with two_interviews.database.write() as connection:
        one, _ = list_transcripts(connection)
        trust = next(iter(current_codebook(connection).code_ids.values()))
        model = activate_model(connection)
        suggest(connection, model, read_excerpts(connection, one)[0], trust)
        store_cut(
            connection,
            one.id,
            method="sentences",
            labels=["s0"],
            positions=[0],
            spans=[Span(0, 9)],
            now=NOW,
        )
        publish_segmentation(connection, one.id, "sentences")
        (anew, _) = list_transcripts(connection)

        assert read_suggested(connection, anew.segmentation_id, [model.id]) == {model.id: []}
