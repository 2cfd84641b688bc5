import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from bench.figures import Figures, average_over_seeds, best_threshold, decide_by_thresholds

SCORED = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])),
    min_size=1,
    max_size=25,
).filter(lambda pairs: any(label for label, _ in pairs))


@settings(deadline=None, derandomize=True)
@given(SCORED)
def test_no_threshold_has_a_higher_f1_than_the_best(pairs):
    labels = np.array([label for label, _ in pairs])
    scores = np.array([score for _, score in pairs], dtype=np.float32)

    best = f1_score(labels, scores >= best_threshold(labels, scores))

    assert best == max(f1_score(labels, scores >= score, zero_division=0) for score in scores)


def test_a_code_without_positives_is_never_given():
    assert best_threshold(np.zeros(3, bool), np.ones(3, np.float32)) == np.inf


def test_a_folds_own_labels_do_not_move_its_threshold():
    rng = np.random.default_rng(2)
    labels, scores = rng.random((60, 2)) < 0.4, rng.random((60, 2)).astype(np.float32)
    folds = np.repeat([0, 1, 2], 20)
    turned = np.where((folds == 1)[:, None], ~labels, labels)

    given_codes, otherwise = (
        decide_by_thresholds(each, scores, folds) for each in (labels, turned)
    )

    assert (given_codes[folds == 1] == otherwise[folds == 1]).all()
    assert (given_codes[folds != 1] != otherwise[folds != 1]).any()


def test_what_no_seed_defines_stays_none():
    runs = [Figures(0.2, 0.1, 0.3, None, 0.5, None), Figures(0.4, 0.3, 0.3, 0.5, 0.5, None)]

    figures = average_over_seeds(runs)

    assert (figures["macro_f1"], figures["hit1"], figures["kappa_in_place"]) == (0.3, 0.5, None)
    assert figures["range"]["macro_f1"] == [0.2, 0.4]
    assert "kappa_in_place" not in figures["range"]
