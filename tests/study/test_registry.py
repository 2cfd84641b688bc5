"""One model version is in force, and promotions can be gone back on; all words are synthetic."""

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from study import tables as t
from study.codebooks import current_codebook
from study.errors import StudyError
from study.ledger import start_run
from study.model_versions import count_learnt_decisions
from study.redaction import REDACTED
from study.registry import (
    CANDIDATE,
    CURRENT,
    RETIRED,
    copy_figures,
    list_registered,
    promote_model,
    read_history,
    read_in_force,
    read_registered,
    roll_back,
    store_candidate,
)
from study.vectors import store_encoder
from tests.study.synthetic import (
    LATER,
    NOW,
    activate_model,
    import_coded,
    make_interview,
    rolled_back,
)


@pytest.fixture
def coded(study):
    import_coded(study, make_interview("S1", ("Synthetic.",)))
    return study


@pytest.fixture
def connection(coded):
    with coded.database.write() as connection:
        yield connection


def train(connection, sha256="c" * 64, figures=None):
    """Store a candidate; give its row."""
    return store_candidate(
        connection,
        method="classifier",
        encoder_id=store_encoder(connection, "synthetic-encoder", "1"),
        codebook_version_id=current_codebook(connection).id,
        run_id=start_run(connection, "learn", {}, flow_run_id=None, now=NOW),
        sha256=sha256,
        settings_hash="s",
        n_excerpts=7,
        figures=figures or {"trained_on": [1]},
        now=NOW,
    )


def promote(connection, model_id, reason="synthetic"):
    promote_model(connection, model_id, actor="anna", reason=reason, now=LATER)


def states(connection):
    return {each.model.id: each.model.state for each in list_registered(connection)}


def set_state(connection, model_id, state):
    connection.execute(
        sa.update(t.model_version).where(t.model_version.c.id == model_id).values(state=state)
    )


def test_study_without_models_has_none_in_force(connection):
    assert read_in_force(connection) is None
    assert list_registered(connection) == []
    assert read_history(connection) == []


def test_candidate_is_kept_with_its_figures_and_not_in_force(connection):
    current = activate_model(connection)

    row = train(connection, figures={"trained_on": [1], "n_judged": 4})

    kept = read_registered(connection, row)
    assert (kept.model.state, kept.model.method, kept.n_excerpts) == (CANDIDATE, "classifier", 7)
    assert (kept.figures["n_judged"], kept.model.trained_on) == (4, {1})
    assert read_in_force(connection) == current


def test_same_model_is_the_same_row_and_stays_as_it_is(connection):
    row = train(connection)
    promote(connection, row)

    assert train(connection, figures={"n_judged": 5}) == row
    assert read_registered(connection, row).figures == {"trained_on": [1]}
    assert states(connection) == {row: CURRENT}


def test_same_model_that_is_trained_again_has_learnt_from_all_decisions_since(connection):
    row = train(connection, figures={"n_judged": 5, "n_decisions": 7})

    train(connection, figures={"n_judged": 6, "n_decisions": 9})

    assert read_registered(connection, row).figures == {"n_judged": 5, "n_decisions": 9}
    assert count_learnt_decisions(connection) == 9


def test_what_was_learnt_before_a_redaction_is_to_be_learnt_again(connection):
    row = train(connection, figures={"n_decisions": 7})
    set_state(connection, row, REDACTED)

    assert count_learnt_decisions(connection) == 0


def test_version_that_carries_on_what_another_learnt_has_its_figures(connection):
    learnt = train(connection, figures={"trained_on": [1], "n_decisions": 7})
    renewed = activate_model(connection, "e" * 64)

    copy_figures(connection, learnt, renewed.id)

    figures = read_registered(connection, renewed.id).figures
    assert figures == {"trained_on": [1], "n_decisions": 7}


def test_redacted_model_that_is_trained_again_is_a_candidate(connection):
    row = train(connection)
    set_state(connection, row, REDACTED)

    assert train(connection, figures={"n_judged": 5}) == row
    assert read_registered(connection, row).figures == {"n_judged": 5}
    assert states(connection) == {row: CANDIDATE}


def test_promoted_model_takes_the_place_of_the_current_one_whatever_its_method(connection):
    before = activate_model(connection)
    row = train(connection)

    promote(connection, row, "better by .02")

    in_force = read_in_force(connection)
    assert (in_force.id, in_force.method, in_force.n_activations) == (row, "classifier", 1)
    assert states(connection) == {before.id: RETIRED, row: CURRENT}
    (audited,) = connection.execute(sa.select(t.audit).where(t.audit.c.action == "model promoted"))
    assert (audited.actor, audited.done_at) == ("anna", LATER)
    assert audited.details == {"model": row, "previous": before.id, "reason": "better by .02"}


def test_first_model_may_be_promoted_over_none(connection):
    row = train(connection)

    promote(connection, row)

    (only,) = read_history(connection)
    assert (only.model_id, only.previous_id, only.reason) == (row, None, "synthetic")
    with pytest.raises(StudyError, match="no promotion to go back on"):
        roll_back(connection, actor="anna", now=LATER)


def test_promoting_the_current_model_changes_nothing(connection):
    before = activate_model(connection)

    promote(connection, before.id)

    assert read_in_force(connection) == before
    assert read_history(connection) == []


def test_unknown_and_redacted_models_are_refused_and_nothing_changes(connection):
    before = activate_model(connection)
    row = train(connection)
    set_state(connection, row, REDACTED)

    with pytest.raises(StudyError, match=f"Model version {row} was made of words"):
        promote(connection, row)
    with pytest.raises(StudyError, match="There is no model version 4711"):
        promote(connection, 4711)
    with pytest.raises(StudyError, match="There is no model version 4711"):
        read_registered(connection, 4711)

    assert read_in_force(connection) == before
    assert read_history(connection) == []


def test_rollbacks_walk_back_promotion_by_promotion(connection):
    first = activate_model(connection)
    second, third = (train(connection, name * 64) for name in "cd")
    promote(connection, second)
    promote(connection, third)

    went = [roll_back(connection, actor="anna", now=LATER) for _ in range(2)]

    assert went == [second, first.id]
    assert read_in_force(connection).id == first.id
    assert [each.undoes for each in read_history(connection)] == [None, None, 2, 1]
    with pytest.raises(StudyError, match="no promotion to go back on"):
        roll_back(connection, actor="anna", now=LATER)


def test_promotion_after_a_rollback_is_gone_back_on_first(connection):
    first = activate_model(connection)
    second, third = (train(connection, name * 64) for name in "cd")
    promote(connection, second)
    roll_back(connection, actor="anna", now=LATER)
    promote(connection, third)

    assert roll_back(connection, actor="anna", now=LATER) == first.id
    with pytest.raises(StudyError):
        roll_back(connection, actor="anna", now=LATER)


def test_model_that_was_fitted_anew_is_no_promotion_to_go_back_on(connection):
    activate_model(connection)
    promote(connection, train(connection))
    refitted = activate_model(connection, "b" * 64)

    with pytest.raises(StudyError, match="no promotion to go back on"):
        roll_back(connection, actor="anna", now=LATER)

    assert read_in_force(connection) == refitted


def test_nobody_goes_back_to_a_redacted_model(connection):
    first = activate_model(connection)
    second = train(connection)
    promote(connection, second)
    set_state(connection, first.id, REDACTED)

    with pytest.raises(StudyError, match="redacted"):
        roll_back(connection, actor="anna", now=LATER)

    assert read_in_force(connection).id == second


def test_model_that_comes_back_is_queued_anew(connection):
    first = activate_model(connection)
    promote(connection, train(connection))

    roll_back(connection, actor="anna", now=LATER)

    assert read_in_force(connection).n_activations == first.n_activations + 1


moves = st.lists(
    st.tuples(st.just("promote"), st.integers(0, 3))
    | st.tuples(st.just("back"), st.just(0))
    | st.tuples(st.just("fit"), st.integers(0, 1)),
    max_size=12,
)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(moves)
def test_one_version_is_current_and_rollbacks_undo_what_stands(coded, moves):
    with rolled_back(coded) as connection:
        activate_model(connection, "0" * 64)
        rows = [train(connection, str(number) * 64) for number in range(2, 6)]
        standing = [read_in_force(connection).id]
        for move, number in moves:
            now_in_force = standing[-1]
            if move == "promote":
                promote(connection, rows[number])
                standing += [rows[number]] if rows[number] != now_in_force else []
            elif move == "fit":
                # A fit takes the place of what is current, and nothing before it counts.
                standing = [activate_model(connection, str(number) * 64).id]
            elif len(standing) > 1:
                standing.pop()
                roll_back(connection, actor="anna", now=LATER)

            assert read_in_force(connection).id == standing[-1]
            assert list(states(connection).values()).count(CURRENT) == 1
