"""Studies that are made step by step; every word here is synthetic."""

from tests.pipeline.evaluation.conftest import made, made_here  # noqa: F401 - fixtures
