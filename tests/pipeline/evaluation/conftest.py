"""Studies that are made step by step; every word here is synthetic."""

import pytest

from tests.pipeline.evaluation.made_study import MadeStudy


@pytest.fixture
def made(study):
    """An empty study to be filled, on both databases."""
    return MadeStudy(study)


@pytest.fixture
def made_here(sqlite, tmp_path):
    """An empty study to be filled, on SQLite only: for what does not hang on the database."""
    with sqlite.new_study(tmp_path / "made", is_synthetic=True) as study:
        yield MadeStudy(study)
