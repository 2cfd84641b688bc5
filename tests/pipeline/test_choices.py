import numpy as np
import pytest

from codebook.reader import parse_codebook
from models.contrasts import Offer
from pipeline.choices import list_contrasts, make_suggestions

POLES = """
name: Synthetic codebook with opposites
codes:
  - {key: trust, name: Trust, definition: relying on the worker}
  - {key: other, name: Other, definition: something else}
  - {key: distrust, name: Distrust, definition: not relying on the worker}
relations:
  - {from: distrust, to: trust, kind: contrasts_with}
  - {from: other, to: trust, kind: leads_to}
"""
GUIDS = ["GUID-A", "GUID-B", "GUID-C"]


@pytest.fixture
def suggestions():
    values = np.array([[1.5, 0.25, 2.0], [0.0, 0.0, 0.0], [0.0, 3.0, 0.0]], dtype=np.float32)
    return make_suggestions(
        [[Offer((2, 0)), Offer((1,))], [], [Offer((1,))]],
        excerpt_ids=[11, 12, 13],
        code_ids=[5, 6, 7],
        guids=GUIDS,
        values=values,
        evidence_of=lambda row, code: {"kind": "definition", "index": 10 * row + code},
    )


def test_only_contrasts_are_listed_by_place():
    assert list_contrasts(parse_codebook(POLES)) == ((0, 2),)


def test_the_two_of_a_choice_share_a_rank_and_name_each_other(suggestions):
    found = [(s.excerpt_id, s.code_id, s.rank, s.evidence.get("choice_with")) for s in suggestions]

    assert found == [
        (11, 7, 1, "GUID-A"),
        (11, 5, 1, "GUID-C"),
        (11, 6, 2, None),
        (13, 6, 1, None),
    ]


def test_each_pole_keeps_its_own_score_and_evidence(suggestions):
    found = [(s.score, s.evidence["kind"], s.evidence["index"]) for s in suggestions]

    assert found == [
        (2.0, "definition", 2),
        (1.5, "definition", 0),
        (0.25, "definition", 1),
        (3.0, "definition", 21),
    ]
