"""Facts about what a candidate is compared with; every word here is synthetic."""

import numpy as np
import pytest

from pipeline.learning.material import read_material
from pipeline.learning.rivals import score_by_rival
from pipeline.plan import read_wanted
from tests.pipeline.learning.taught import (
    CODES,
    N_EXCERPTS,
    N_INTERVIEWS,
    add,
    classifier_of,
    in_force,
    make_interview,
    scores,
    suggest,
    use_codebook,
)

ADDED = "{key: added, name: Added, definition: the dog barked}"
N_LEARNT = N_INTERVIEWS * N_EXCERPTS


def ask(study, model=None):
    """Ask the version in force; give what descriptions say, too."""
    model = model or in_force(study)
    material = read_material(study, model.encoder_id)
    similarity = np.random.default_rng(0).normal(size=material.labels.targets.shape)
    similarity = similarity.astype(np.float32)
    return score_by_rival(study, read_wanted(study), model, material, similarity), similarity


def test_descriptions_learn_nothing_and_are_asked_everywhere(untrained):
    said, similarity = ask(untrained)

    assert np.array_equal(said, similarity)


def test_study_without_a_version_is_compared_with_descriptions(untrained):
    material = read_material(untrained, in_force(untrained).encoder_id)
    similarity = np.ones(material.labels.targets.shape, dtype=np.float32)

    said = score_by_rival(untrained, read_wanted(untrained), None, material, similarity)

    assert np.array_equal(said, similarity)


def test_what_a_classifier_has_learnt_from_is_asked_as_its_folds_were(trained):
    said, _ = ask(trained)

    assert np.array_equal(said, classifier_of(trained).held_out, equal_nan=True)
    assert not np.isnan(said).any()
    # And so it proposes: nobody is shown as a guess what was learnt from another's codings.
    assert np.allclose(said[:, 1], scores(trained)["trust"], atol=1e-6)


def test_what_a_classifier_has_not_learnt_from_it_is_asked_itself(trained):
    add(trained, make_interview(9))
    suggest(trained)

    said, _ = ask(trained)

    assert np.array_equal(said[:N_LEARNT], classifier_of(trained).held_out)
    assert ((said[N_LEARNT:] > 0) & (said[N_LEARNT:] < 1)).all()


def test_new_interview_of_a_participant_it_has_learnt_from_says_nothing(trained):
    add(trained, make_interview(9, participant="P1"))
    suggest(trained)

    said, _ = ask(trained)

    assert np.isnan(said[N_LEARNT:]).all()
    assert not np.isnan(said[:N_LEARNT]).any()


def test_code_that_a_classifier_does_not_know_is_not_compared(trained):
    before, learnt = ask(trained)[0], in_force(trained)
    use_codebook(trained, ADDED, *CODES)

    said, _ = ask(trained, learnt)

    assert np.isnan(said[:, 0]).all()
    assert said[:, 1:] == pytest.approx(before)
