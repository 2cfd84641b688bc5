"""Facts about learning in a study, from decisions to suggestions; every word here is synthetic."""

import json
import logging
import os
import signal
import sys

import pytest
import sqlalchemy as sa

from pipeline.evaluate import evaluate_agreement
from pipeline.evaluation.material import read_material
from pipeline.learning.keep import KEPT_BACK, PROMOTED, TOO_LITTLE, train_and_judge
from pipeline.run import open_run, open_work
from pipeline.work import Work
from study import tables as t
from study.fingerprint import fingerprint_study
from study.folder import open_study
from study.model_files import save_model
from study.registry import list_registered, promote_model, read_history, store_candidate
from study.review_queue import find_coder, list_items
from study.transcripts import list_transcripts
from tests.fakes import NOW
from tests.pipeline.learning.taught import (
    CANARY,
    N_EXCERPTS,
    N_INTERVIEWS,
    add,
    choices_of,
    classifier_of,
    decide,
    figures_of,
    fill,
    in_force,
    learn,
    make_interview,
    parts_of,
    suggest,
    suggestions,
    with_settings,
)

N_JUDGED = N_INTERVIEWS * N_EXCERPTS


def rows_of(study, *tables):
    """Give all that these tables hold."""
    with study.database.read() as connection:
        return [[tuple(row) for row in connection.execute(sa.select(each))] for each in tables]


def fingerprint(study):
    with study.database.read() as connection:
        return fingerprint_study(connection)


def test_coded_study_teaches_a_classifier_that_takes_over(study, encoder, one_thread):
    fill(study)
    before = in_force(study)

    summary = learn(study)

    after = in_force(study)
    assert summary.state == PROMOTED
    assert (summary.n_judged, summary.n_groups) == (N_JUDGED, N_INTERVIEWS)
    assert (before.method, after.method) == ("similarity", "classifier")
    assert summary.model_id == after.id
    assert summary.n_interviews == N_INTERVIEWS
    assert len(suggestions(study)) == summary.n_suggestions > 0
    with study.database.read() as connection:
        (promotion,) = read_history(connection)
    assert (promotion.model_id, promotion.previous_id) == (after.id, before.id)


def test_suggestions_of_a_classifier_are_probable_and_name_their_method(trained):
    made = [placed.suggestion for placed in suggestions(trained)]

    choices = choices_of(trained)
    assert {each.method for each in made} <= {"blend", "classifier", "nearest", "children"}
    for each in made:
        assert 0 < each.probability <= 1
        assert each.score == each.probability
        assert each.method == choices[each.code_key].method
        assert each.model == in_force(trained).sha256


def test_suggestions_of_descriptions_have_no_probability(untrained):
    made = [placed.suggestion for placed in suggestions(untrained)]

    assert {each.method for each in made} == {"similarity"}
    assert {each.probability for each in made} == {None}


def test_run_after_a_training_finds_nothing_new_and_encodes_nothing(trained, encoder, monkeypatch):
    before = fingerprint(trained)
    monkeypatch.setattr("pipeline.proposers.finding.load_model", lambda *_: pytest.fail("loaded"))

    summary = suggest(trained)

    assert (summary.state, summary.run_id) == ("nothing new", None)
    assert encoder.calls == []
    assert fingerprint(trained) == before


def test_learning_touches_no_decision_and_no_coding(untrained):
    decide(untrained, "I1", 2, "trust")
    before = rows_of(untrained, t.decision, t.coding, t.blind_draw)

    learn(untrained)

    assert rows_of(untrained, t.decision, t.coding, t.blind_draw) == before


def test_decided_excerpt_keeps_what_was_on_the_screen_and_pending_ones_change(untrained):
    decided = decide(untrained, "I2", 3, "calm")
    old = in_force(untrained)
    shown = [each for each in suggestions(untrained) if each.suggestion.excerpt_id == decided]

    learn(untrained)

    with untrained.database.read() as connection:
        (interview,) = (
            each.interview_id for each in list_transcripts(connection) if each.interview == "I2"
        )
        items = list_items(connection, find_coder(connection, "coder"), interview)
        kept = connection.execute(
            sa.select(t.suggestion.c.id).where(
                t.suggestion.c.excerpt_id == decided, t.suggestion.c.model_version_id == old.id
            )
        ).all()
    versions = {item.excerpt_id: item.model_version_id for item in items}
    assert versions.pop(decided) == old.id
    assert set(versions.values()) == {in_force(untrained).id}
    assert {row.id for row in kept} == {each.suggestion.id for each in shown}


def test_interview_that_comes_later_is_proposed_for_by_what_was_learnt(trained):
    learnt = in_force(trained)
    add(trained, make_interview(9, is_coded=False))

    summary = suggest(trained)

    assert summary.n_interviews == 1
    assert in_force(trained) == learnt
    made = [each.suggestion for each in suggestions(trained) if each.interview == "I9"]
    assert len(made) == summary.n_suggestions > 0
    assert all(each.probability for each in made)


def test_training_again_with_nothing_new_gives_the_same_version(trained):
    learnt, suggested = in_force(trained), suggestions(trained)

    summary = learn(trained)

    assert (summary.state, summary.model_id) == (KEPT_BACK, learnt.id)
    assert in_force(trained) == learnt
    assert suggestions(trained) == suggested
    assert suggest(trained).state == "nothing new"


def test_same_codings_give_the_same_bytes_in_another_copy_of_a_study(untrained, trained):
    learn(untrained)

    assert in_force(untrained).sha256 == in_force(trained).sha256
    assert fingerprint(untrained) == fingerprint(trained)


def test_new_decisions_give_another_version(trained):
    before = in_force(trained)
    # Anna gave it no code.
    decide(trained, "I1", 1, "trust", is_assisted=False)

    summary = learn(trained)

    assert summary.model_id != before.id
    assert figures_of(trained, summary.model_id)["compared"]["with"] == before.id


def test_figures_say_what_was_learnt_from_and_how_well_each_code_is_proposed(trained):
    figures = figures_of(trained, in_force(trained).id)

    with trained.database.read() as connection:
        everybody = [each.interview_id for each in list_transcripts(connection)]
    assert figures["trained_on"] == sorted(everybody)
    assert (figures["decision"], figures["judged_by"]) == (PROMOTED, "unassisted")
    assert (figures["n_judged"], figures["n_groups"]) == (N_JUDGED, N_INTERVIEWS)
    assert figures["compared"]["map_difference"] > 0.1
    by_key = {code["key"]: code for code in figures["codes"]}
    assert by_key["trust"]["is_told"]
    assert by_key["support"]["average_precision"] is None
    # What is kept turns into JSON.
    assert json.loads(json.dumps(dict(figures))) == figures


def too_little(study):
    summary = learn(study)
    assert (summary.state, summary.model_id) == (TOO_LITTLE, None)
    with study.database.read() as connection:
        assert len(list_registered(connection)) <= 1
    return summary.reason


@pytest.fixture
def empty(sqlite, tmp_path, encoder, one_thread):
    with sqlite.new_study(tmp_path / "empty") as study:
        yield study


def test_what_was_coded_with_suggestions_in_view_cannot_be_judged_by(empty):
    fill(empty, 2, is_assisted=True)

    assert too_little(empty).startswith("nothing was coded without suggestions in view")


def test_interviews_that_nobody_coded_teach_nothing(empty):
    fill(empty, 1, is_coded=False)

    assert too_little(empty).startswith("nothing was coded without suggestions in view")


def test_one_participant_cannot_be_judged_by_another(empty):
    fill(empty, 3, participant="P1")

    assert too_little(empty).startswith("what can be judged is of one participant")


def test_codes_of_too_few_excerpts_teach_nothing(empty):
    fill(empty, 2)

    assert too_little(empty) == "no code was given to 15 excerpts that can be judged"


def test_study_that_wants_descriptions_only_learns_nothing(untrained):
    study = with_settings(untrained, proposer="similarity")

    assert "'proposer' in study.toml" in too_little(study)


def test_coded_interviews_that_were_not_encoded_yet_are_named_as_the_reason(empty):
    add(empty, make_interview(1), make_interview(2))

    assert "themeloop suggest" in too_little(empty)


def put_better_rival_in_force(study):
    """Let the version in force be one that had every held-out excerpt right; give its row."""
    arrays, facts = parts_of(study)
    stored, model = classifier_of(study), in_force(study)
    arrays["held_out"] = stored.labels.targets.astype(float)
    sha256 = save_model(study.folder / "models", arrays, facts)
    with study.database.write() as connection:
        row = store_candidate(
            connection,
            method=model.method,
            encoder_id=model.encoder_id,
            codebook_version_id=model.codebook_version_id,
            run_id=1,
            sha256=sha256,
            settings_hash=model.settings_hash,
            n_excerpts=model.n_excerpts,
            figures=figures_of(study, model.id),
            now=NOW,
        )
        promote_model(connection, row, actor="tests", reason="by hand", now=NOW)
    suggest(study)
    return row


@pytest.fixture
def rivalled(trained):
    """A study with a new decision, in which no candidate can be as good as what is in force."""
    put_better_rival_in_force(trained)
    decide(trained, "I1", 1, "trust", is_assisted=False)
    return trained


def test_candidate_that_is_worse_is_kept_back_and_says_which_code_would_lose(rivalled):
    before, shown = in_force(rivalled), suggestions(rivalled)

    summary = learn(rivalled)

    figures = figures_of(rivalled, summary.model_id)
    assert summary.state == KEPT_BACK
    assert (summary.n_interviews, summary.n_suggestions) == (0, 0)
    assert in_force(rivalled) == before
    assert suggestions(rivalled) == shown
    assert figures["decision"] == KEPT_BACK
    assert any("'heard' would lose 0." in reason for reason in figures["reasons"])
    assert suggest(rivalled).state == "nothing new"


def test_candidate_that_was_kept_back_can_be_put_in_force_by_hand(rivalled):
    kept_back = learn(rivalled).model_id
    with rivalled.database.write() as connection:
        promote_model(connection, kept_back, actor="anna", reason="by hand", now=NOW)

    summary = suggest(rivalled)

    assert summary.n_interviews == N_INTERVIEWS
    assert in_force(rivalled).id == kept_back
    assert {each.suggestion.model for each in suggestions(rivalled)} == {in_force(rivalled).sha256}


def test_run_finishes_what_was_left_between_a_training_and_its_suggestions(untrained, trained):
    work = open_run(Work(untrained))

    train_and_judge(work)
    summary = suggest(untrained)

    assert summary.n_interviews == N_INTERVIEWS
    assert fingerprint(untrained) == fingerprint(trained)


def learn_and_die_at(folder, commit):
    """Learn in a child that kills itself right before a commit; tell whether it came that far."""
    child = os.fork()
    if child == 0:
        left = [commit]

        def count_down(_connection):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(sa.Engine, "commit", count_down)
        try:
            with open_work(folder) as work:
                learn(work.study)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.skipif(sys.platform != "linux", reason="the child is forked and killed")
# The training's own commit, and some of the suggestions' and queues' after it.
@pytest.mark.parametrize("commit", [4, 12])
def test_killed_learning_ends_as_if_undisturbed(copy_of, trained, commit):
    folder = copy_of("untrained")

    assert learn_and_die_at(folder, commit)
    study = open_study(folder)
    suggest(study)
    learn(study, is_asked=False)

    assert fingerprint(study) == fingerprint(trained)
    study.database.close()


def test_headline_is_of_versions_that_have_not_learnt_from_the_interview(untrained):
    described = in_force(untrained)
    before = evaluate_agreement(untrained, now=NOW)

    learn(untrained)

    material, after = read_material(untrained), evaluate_agreement(untrained, now=NOW)
    assert {interview.headline for interview in material.interviews} == {described.id}
    assert after.headline == before.headline


def test_headline_of_an_interview_that_came_later_is_of_the_classifier(trained):
    add(trained, make_interview(9))
    suggest(trained)

    headlines = {
        each.transcript.interview: each.headline for each in read_material(trained).interviews
    }

    assert headlines.pop("I9") == in_force(trained).id
    assert in_force(trained).id not in headlines.values()


def test_no_word_of_an_interview_leaves_it(untrained, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    summary = learn(untrained)

    _, facts = parts_of(untrained)
    told = json.dumps([facts, dict(figures_of(untrained, summary.model_id))]) + repr(summary)
    tables = rows_of(
        untrained, t.run, t.audit, t.suggestion, t.queue_item, t.step_ledger, t.model_version
    )
    printed = capfd.readouterr()
    for word in (CANARY, "anchor", "thunder"):
        assert word not in told
        assert word not in repr(tables)
        assert word not in caplog.text + printed.out + printed.err
    # Where they do stand, so that the search above is known to find them.
    assert CANARY in classifier_of(untrained).space.words.terms.tolist()
