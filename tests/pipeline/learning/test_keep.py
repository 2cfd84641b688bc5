"""Facts about when a study is learnt from, and what is told of it; every word is synthetic."""

import pytest

from pipeline.learning.keep import (
    NOTHING_NEW,
    PROMOTED,
    LearnSummary,
    count_only,
    find_new_decisions,
    learn_if_free,
)
from pipeline.run import BUSY, open_run, open_work
from pipeline.work import Work
from study.codebooks import store_codebook
from study.folder import create_study
from study.ledger import newest_run
from study.registry import count_decisions
from study.settings import Settings
from tests.fakes import NOW
from tests.pipeline.learning.taught import BOOK, decide, in_force, learn, with_settings


def n_decisions(study):
    with study.database.read() as connection:
        return count_decisions(connection)


def read_run(study):
    with study.database.read() as connection:
        return newest_run(connection, is_open=False)


def wanting(study, n):
    """Give the study as it is where so many new decisions are wanted."""
    return with_settings(study, learn_after_decisions=n)


def test_fewer_new_decisions_than_wanted_are_not_learnt_from(untrained):
    study = wanting(untrained, n_decisions(untrained) + 1)

    summary = learn(study, is_asked=False)

    assert summary == LearnSummary(NOTHING_NEW)
    assert in_force(study).method == "similarity"


def test_as_many_new_decisions_as_wanted_are_learnt_from(untrained):
    study = wanting(untrained, n_decisions(untrained))

    assert find_new_decisions(Work(study)) == n_decisions(study)
    assert learn(study, is_asked=False).state == PROMOTED


def test_decisions_that_were_learnt_from_are_not_new(trained):
    assert find_new_decisions(Work(wanting(trained, 1))) == 0

    decide(trained, "I1", 0, "trust")

    # The code, and that the excerpt is done.
    assert find_new_decisions(Work(wanting(trained, 2))) == 2
    assert find_new_decisions(Work(wanting(trained, 3))) == 0


def test_decisions_that_teach_nothing_new_are_learnt_from_once(trained):
    before = in_force(trained)
    # Coded without suggestions before, which is what it is judged by.
    decide(trained, "I1", 0, "trust")
    study = wanting(trained, 1)

    first, second = learn(study, is_asked=False), learn(study, is_asked=False)

    assert (first.model_id, in_force(study)) == (before.id, before)
    assert second.state == NOTHING_NEW


def test_study_that_wants_descriptions_only_has_nothing_new(untrained):
    study = with_settings(untrained, proposer="similarity", learn_after_decisions=1)

    assert find_new_decisions(Work(study)) == 0


def test_study_without_decisions_has_nothing_new(tmp_path):
    study = create_study(tmp_path / "s", Settings(learn_after_decisions=1), now=NOW)
    with study.database.write() as connection:
        store_codebook(connection, BOOK, now=NOW)

    assert learn(study, is_asked=False).state == NOTHING_NEW
    study.database.close()


def test_run_that_learnt_keeps_its_counts_and_no_reason(trained):
    summary, run = learn(trained), read_run(trained)

    assert run.id == summary.run_id
    assert run.counts == count_only(summary)
    assert summary.reason
    assert "reason" not in run.counts


def test_study_that_is_held_by_another_run_is_not_learnt_from(untrained):
    with open_work(untrained.folder):
        summary = learn_if_free(untrained.folder, lambda _work: pytest.fail("it learnt"))

    assert summary == LearnSummary(BUSY)


def test_learning_that_fails_closes_its_run_as_failed(untrained):
    def fail(work):
        open_run(work)
        raise RuntimeError("synthetic")

    with pytest.raises(RuntimeError):
        learn_if_free(untrained.folder, fail)

    assert read_run(untrained).state == "failed"
