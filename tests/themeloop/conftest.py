"""Commands run with a fake encoder unless a test says otherwise."""

import os

import pytest
from click.testing import CliRunner

from tests.fakes import encoder  # noqa: F401 - a fixture
from themeloop.cli import main


@pytest.fixture
def themeloop(tmp_path, monkeypatch, encoder):
    """Run a command in an empty folder; give its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    mask = os.umask(0o022)

    def run(*arguments, code=0):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
        return result

    yield run
    os.umask(mask)
