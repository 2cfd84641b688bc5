"""Commands run with a fake encoder unless a test says otherwise."""

from tests.fakes import encoder  # noqa: F401 - a fixture
