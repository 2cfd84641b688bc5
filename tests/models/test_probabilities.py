from dataclasses import fields, replace

import numpy as np
import pytest

from models.calibration import apply_curve
from models.labels import Labels
from models.probabilities import (
    BLEND,
    CLASSIFIER,
    NEAREST,
    SIMILARITY,
    Scores,
    calibrate,
    fit_calibration,
)

N = 300


def draw(seed=0):
    """Synthetic scores of three codes by methods of different scales, and labels."""
    rng = np.random.default_rng(seed)
    has_code = rng.random((N, 3)) < [0.3, 0.05, 0.2]
    scores = Scores(
        *(
            (scale * (gap * has_code + rng.normal(size=has_code.shape))).astype(np.float32)
            for scale, gap in ((1, 0.5), (0.1, 1), (0.2, 2), (3, 2))
        )
    )
    labels = Labels(
        has_code.astype(np.float32), np.ones_like(has_code), np.ones(N), np.arange(N) % 7
    )
    return scores, labels


def test_every_method_gives_probabilities_that_add_up_to_the_positives():
    scores, labels = draw()

    chances = calibrate(fit_calibration(scores, labels), scores)

    assert set(chances) == {SIMILARITY, NEAREST, CLASSIFIER, BLEND}
    for method, values in chances.items():
        assert ((values > 0) & (values < 1)).all(), method
        assert values.mean(axis=0) == pytest.approx(labels.has_code.mean(axis=0), abs=0.01)


def test_the_scale_of_scores_does_not_matter():
    scores, labels = draw()
    scaled = replace(scores, nearest=7 * scores.nearest - 3, ridge=0.01 * scores.ridge + 1)

    chances, again = (calibrate(fit_calibration(each, labels), each) for each in (scores, scaled))

    for method, values in chances.items():
        assert again[method] == pytest.approx(values, abs=1e-3), method


def test_a_single_method_keeps_the_order_of_its_scores():
    scores, labels = draw()

    chances = calibrate(fit_calibration(scores, labels), scores)

    for code in range(3):
        for values, method in ((scores.similarity, SIMILARITY), (scores.nearest, NEAREST)):
            order = np.argsort(values[:, code], kind="stable")
            assert (np.diff(chances[method][order, code]) >= 0).all()


def test_a_blend_grows_with_similarity_and_a_classifier_does_not():
    scores, labels = draw()
    calibration = fit_calibration(scores, labels)
    nearer = replace(scores, similarity=scores.similarity + 1)

    chances, more = calibrate(calibration, scores), calibrate(calibration, nearer)

    assert (more[BLEND] > chances[BLEND]).all()
    assert (more[CLASSIFIER] == chances[CLASSIFIER]).all()


def test_only_labels_that_count_in_judging_are_looked_at():
    scores, labels = draw()
    labels = replace(
        labels,
        is_known=labels.is_known & (np.arange(N) % 5 > 0)[:, None],
        weights=np.where(np.arange(N) % 3, 1.0, 0.0),
    )
    turned = np.where(labels.is_judged, labels.targets, 1 - labels.targets)

    calibration = fit_calibration(scores, labels)

    assert fit_calibration(scores, replace(labels, targets=turned)) == calibration


def test_a_code_nobody_judged_takes_the_curve_that_all_have_in_common():
    scores, labels = draw()
    is_known = labels.is_known.copy()
    is_known[:, 1] = False

    calibration = fit_calibration(scores, replace(labels, is_known=is_known))

    assert calibration.similarity[1] == calibration.common
    assert calibration.similarity[0] != calibration.common


def test_where_nothing_was_judged_nothing_is_likely():
    scores, labels = draw()

    calibration = fit_calibration(scores, replace(labels, weights=np.zeros(N)))

    for values in calibrate(calibration, scores).values():
        assert values == pytest.approx(1e-4, abs=1e-5)


def test_scores_that_are_all_the_same_have_one_probability():
    scores, labels = draw()
    flat = replace(scores, nearest=np.full_like(scores.nearest, 0.3))

    chances = calibrate(fit_calibration(flat, labels), flat)[NEAREST]

    assert chances.std(axis=0) == pytest.approx(0)
    assert chances[0] == pytest.approx(labels.has_code.mean(axis=0), abs=0.01)


def test_each_kind_of_score_has_a_curve_for_each_code():
    calibration = fit_calibration(*draw())

    kinds = [each.name for each in fields(calibration) if each.name != "common"]

    assert all(len(getattr(calibration, kind)) == 3 for kind in kinds)
    assert 0 < float(apply_curve(calibration.common, np.zeros(1))[0]) < 1
