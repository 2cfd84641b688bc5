"""Facts about suggestions as CSV; every word here is synthetic."""

import csv
import json

import pytest

from pipeline.transcripts.suggestions_csv import write_suggestions_csv
from study.records import Suggestion
from study.suggestions import PlacedSuggestion

EVIDENCE = {"kind": "nearest", "nearest": [{"excerpt": 7}], "words": [[0, 4]], "part": {}}


def export(probability, method):
    suggestion = Suggestion(
        id=1,
        excerpt_id=3,
        code_guid="G",
        code_key="trust",
        score=0.71,
        rank=1,
        method=method,
        evidence=EVIDENCE,
        run_id=4,
        encoder="fake",
        model="a" * 64,
        codebook_version=1,
        probability=probability,
    )
    placed = PlacedSuggestion(suggestion, "D1", "D1_e3", "synthetic")
    return next(csv.DictReader(write_suggestions_csv([placed]).splitlines()))


@pytest.mark.parametrize(
    ("probability", "method", "written"),
    [(0.71, "blend", "0.7100"), (None, "similarity", "")],
)
def test_a_probability_is_told_where_there_is_one_and_what_proposed_the_code(
    probability, method, written
):
    row = export(probability, method)

    assert (row["probability"], row["method"]) == (written, method)


def test_evidence_is_rows_and_places():
    row = export(0.71, "blend")

    assert json.loads(row["evidence"]) == EVIDENCE
