"""The example in the documents is a proposer."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from pipeline.proposers.finding import GROUP, find_proposer
from pipeline.proposers.protocol import Identified
from tests.pipeline.proposers.asking import parts, question

DOCS = Path(__file__).parents[3] / "docs" / "proposers.md"


def documented():
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    names = {}
    exec(code, names)
    return names["WordProposer"]


def test_documented_proposer_answers():
    proposer = documented()(parts())

    answer = proposer.propose(question(["we spoke of trust .", "at home"]))

    assert isinstance(proposer, Identified)
    assert answer.proposes.tolist() == [[True, False, False], [False, False, False]]
    assert answer.scores is answer.values
    assert answer.explain(0, 0) == {"kind": "words"}


@pytest.mark.parametrize("name", [each.name for each in entry_points(group=GROUP)])
def test_proposer_that_is_installed_is_found_and_documented(name):
    assert callable(find_proposer(name))
    assert f"| `{name}` |" in DOCS.read_text(encoding="utf-8")


def test_ours_are_found_by_entry_point():
    assert {each.name for each in entry_points(group=GROUP)} >= {
        "similarity",
        "classifier",
        "endpoint",
    }
