"""All data here are synthetic: words drawn at random."""

from dataclasses import replace

import numpy as np
import pytest

from bench import methods
from bench.coded import number_labels
from bench.learning import compare_excerpts, label_learnt, learn, list_passages
from bench.methods import Split, propose_as_the_product
from models.classifier import fit_classifier, predict, score_rows
from models.judging import keep_strongest


def split_after(data, n_interviews):
    numbers = number_labels(data.interviews)
    train = np.flatnonzero(numbers < n_interviews)
    return Split(train, np.flatnonzero(numbers >= n_interviews), data.labels[train])


def test_labels_of_what_is_scored_reach_nothing(made_data, fake_vectors):
    data = made_data(5)
    split = split_after(data, 4)
    other = replace(data, labels=data.labels.copy())
    other.labels[split.test] = ~data.labels[split.test]

    outcomes = [propose_as_the_product(fake_vectors(data))(each, split) for each in (data, other)]

    assert np.array_equal(outcomes[0].scores, outcomes[1].scores)
    assert np.array_equal(outcomes[0].given, outcomes[1].given)


def test_excerpts_are_compared_once_a_data_set(made_data, fake_vectors, monkeypatch):
    data, compared = made_data(4, 15), []

    def listen(passages, groups):
        compared.append(len(passages))
        return compare_excerpts(passages, groups)

    monkeypatch.setattr(methods, "compare_excerpts", listen)
    propose = propose_as_the_product(fake_vectors(data))
    for n_learnt in (3, 2):
        propose(data, split_after(data, n_learnt))
    propose(replace(data), split_after(data, 3))

    assert compared == [60, 60]


def test_probabilities_come_with_the_way_chosen_for_each_code(made_data, fake_vectors):
    data = made_data(4, speakers=("I", "P"))

    outcome = propose_as_the_product(fake_vectors(data))(data, split_after(data, 3))

    assert len(outcome.chosen) == 3
    assert ((outcome.scores >= 0) & (outcome.scores <= 1)).all()


def test_after_one_interview_descriptions_propose(made_data, fake_vectors):
    data = made_data(2, 20)

    outcome = propose_as_the_product(fake_vectors(data))(data, split_after(data, 1))

    assert outcome.chosen == ()
    assert outcome.given.sum(axis=1).max() <= 3


def test_before_any_interview_descriptions_propose(made_data, fake_vectors):
    data = made_data(2, 20)

    outcome = propose_as_the_product(fake_vectors(data))(data, split_after(data, 0))

    assert outcome.given.shape == (40, 3)
    assert outcome.given.any()


def test_learning_from_few_of_many_is_learning_from_the_few(made_data, fake_vectors):
    data = made_data(6, 20)
    split = split_after(data, 2)
    compared = compare_excerpts(list_passages(data, fake_vectors(data)), number_labels(data.groups))
    labels = label_learnt(data, split.train, split.train_labels)
    similarity = np.random.default_rng(2).normal(size=data.labels.shape).astype(np.float32)

    chances = [
        predict(each, score_rows(each, compared, labels, similarity, split.test))
        for each in (
            learn(compared, labels, similarity, split.train),
            fit_classifier(compared, labels, similarity, split.train, seed=0),
        )
    ]

    assert chances[0] == pytest.approx(chances[1], abs=2e-3)


def test_at_most_so_many_of_the_most_likely_codes_are_kept():
    chances = np.array([[0.9, 0.8, 0.7], [0.9, 0.1, 0.2]])
    reached = np.array([[False, True, True], [True, False, False]])

    assert keep_strongest(chances, reached, at_most=1).tolist() == [
        [False, True, False],
        [True, False, False],
    ]
    assert keep_strongest(chances, reached, at_most=3).tolist() == reached.tolist()
