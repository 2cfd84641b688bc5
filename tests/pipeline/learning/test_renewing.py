"""Facts about a classifier in a study that changes; every word here is synthetic."""

import re

import numpy as np
import pytest

from models.carrying import NEW
from pipeline.learning.keep import PROMOTED, find_new_decisions
from pipeline.work import Work
from study.model_files import delete_model
from study.records import Span
from study.redaction import Searched, finish_redaction, redact
from study.stored_names import Marked
from tests.fakes import NOW
from tests.pipeline.learning.taught import (
    CALM,
    CANARY,
    CODES,
    HEARD,
    STORM,
    SUPPORT,
    TRUST,
    add,
    choices_of,
    classifier_of,
    figures_of,
    in_force,
    learn,
    make_interview,
    parts_of,
    scores,
    suggest,
    suggestions,
    use_codebook,
    with_settings,
)

BARKING = "{key: barking, name: Barking, definition: the dog barked before they came}"
KEPT = ("trust", "heard", "calm", "storm")


def codes_suggested(study):
    return {placed.suggestion.code_key for placed in suggestions(study)}


def test_code_that_is_added_is_proposed_by_its_description_until_it_is_learnt(trained):
    before, was = scores(trained), in_force(trained)
    use_codebook(trained, *CODES, BARKING)

    suggest(trained)

    now, choices = in_force(trained), choices_of(trained)
    assert (now.method, now.id != was.id) == ("classifier", True)
    assert (choices["barking"].method, choices["barking"].reason) == ("similarity", NEW)
    for key in KEPT:
        assert scores(trained)[key] == pytest.approx(before[key], abs=1e-5)
    assert figures_of(trained, now.id) == figures_of(trained, was.id)


def test_code_that_is_added_first_moves_the_others_along(trained):
    before = scores(trained)
    use_codebook(trained, BARKING, *reversed(CODES))

    suggest(trained)

    for key in KEPT:
        assert scores(trained)[key] == pytest.approx(before[key], abs=1e-5)


def test_code_that_is_removed_is_proposed_no_more(trained):
    assert "calm" in codes_suggested(trained)
    before = parts_of(trained)[0]["ridge"]
    use_codebook(trained, SUPPORT, TRUST, HEARD, STORM)

    suggest(trained)

    assert in_force(trained).method == "classifier"
    assert "calm" not in codes_suggested(trained)
    assert set(scores(trained)) == {"support", "trust", "heard", "storm"}
    assert np.array_equal(parts_of(trained)[0]["ridge"], before[:, [0, 1, 2, 4]])
    # An opposite that is gone is no choice any more.
    assert not any("choice_with" in each.suggestion.evidence for each in suggestions(trained))


def test_merged_code_learns_from_what_was_coded_as_the_other(trained):
    n_trust = choices_of(trained)["trust"].n_positive
    use_codebook(trained, SUPPORT, TRUST.replace("}", ", replaces: [heard]}"), CALM, STORM)

    suggest(trained)
    n_carried = choices_of(trained)["trust"].n_positive
    summary = learn(trained)

    assert n_carried == n_trust
    codes = figures_of(trained, summary.model_id)["codes"]
    (learnt,) = (code["n_positive"] for code in codes if code["key"] == "trust")
    assert learnt > 1.5 * n_trust
    assert "heard" not in codes_suggested(trained)


def test_generosity_changes_what_is_proposed_without_a_training(trained):
    before, n_before = parts_of(trained), len(suggestions(trained))
    thresholds = classifier_of(trained).thresholds
    study = with_settings(trained, generosity=0.25)

    suggest(study)

    arrays, facts = parts_of(study)
    assert in_force(study).method == "classifier"
    assert facts["generosity"] == 0.25
    assert np.array_equal(arrays["ridge"], before[0]["ridge"])
    assert facts["trained_on"] == before[1]["trained_on"]
    assert (classifier_of(study).thresholds > thresholds).all()
    assert len(suggestions(study)) < n_before


def test_number_of_suggestions_changes_without_a_training(trained):
    before = parts_of(trained)[0]
    study = with_settings(trained, n_suggestions=1)

    suggest(study)

    assert in_force(study).method == "classifier"
    assert np.array_equal(parts_of(study)[0]["ridge"], before["ridge"])
    assert {placed.suggestion.rank for placed in suggestions(study)} == {1}


def test_renewed_version_says_what_the_one_before_learnt(trained):
    was = in_force(trained)
    study = with_settings(trained, n_suggestions=2)

    suggest(study)

    assert in_force(study).id != was.id
    assert figures_of(study, in_force(study).id) == figures_of(study, was.id)
    assert find_new_decisions(Work(with_settings(study, learn_after_decisions=1))) == 0
    assert suggest(study).state == "nothing new"


def test_other_encoder_knows_nothing_of_what_was_learnt(trained):
    study = with_settings(trained, encoder="all-MiniLM-L6-v2")

    suggest(study)

    assert in_force(study).method == "similarity"
    assert {each.suggestion.probability for each in suggestions(study)} == {None}
    assert learn(study).state == PROMOTED


def test_setting_that_asks_for_descriptions_gets_them(trained):
    study = with_settings(trained, proposer="similarity")

    suggest(study)

    assert in_force(study).method == "similarity"
    assert suggest(study).state == "nothing new"


def test_study_that_grows_by_half_keeps_what_was_learnt(trained):
    before = parts_of(trained)
    add(trained, *(make_interview(number, is_coded=False) for number in range(9, 13)))

    suggest(trained)

    arrays, facts = parts_of(trained)
    assert (in_force(trained).method, facts["n_excerpts"]) == ("classifier", 12 * 18)
    assert np.array_equal(arrays["ridge"], before[0]["ridge"])
    assert not np.array_equal(arrays["mean-0"], before[0]["mean-0"])


def test_interview_in_another_language_gets_suggestions_of_what_was_learnt(trained):
    add(trained, make_interview(9, language="nl", is_coded=False))

    suggest(trained)

    assert parts_of(trained)[1]["languages"] == ["en", "nl"]
    assert "I9" in {placed.interview for placed in suggestions(trained)}
    assert in_force(trained).method == "classifier"


def test_version_whose_files_are_gone_gives_way_to_descriptions(trained):
    delete_model(trained.folder / "models", in_force(trained).sha256)
    add(trained, make_interview(9, is_coded=False))

    suggest(trained)

    assert in_force(trained).method == "similarity"


def redact_canary(study):
    def find(_stored, text):
        return [Marked(Span(*each.span()), CANARY, "PLACE") for each in re.finditer(CANARY, text)]

    redact(study, find, searched=Searched("g", 1), actor="anna", now=NOW)
    finish_redaction(study, now=NOW)


def test_redaction_leaves_no_file_of_what_was_learnt(trained):
    redact_canary(trained)

    assert list((trained.folder / "models").iterdir()) == []
    assert in_force(trained) is None


def test_redacted_study_is_proposed_for_by_description_and_learns_anew(trained):
    redact_canary(trained)

    suggest(trained)
    by_description = in_force(trained).method
    summary = learn(trained, is_asked=False)

    assert by_description == "similarity"
    assert summary.state == PROMOTED
    assert CANARY not in str(parts_of(trained)[0]["words-terms"].tolist())
    assert suggest(trained).state == "nothing new"
