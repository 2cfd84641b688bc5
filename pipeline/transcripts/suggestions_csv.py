"""Suggestions as CSV, each with where it came from."""

import json
from collections.abc import Sequence

from pipeline.transcripts.csv_text import write_csv
from study.suggestions import PlacedSuggestion

COLUMNS = (
    "excerpt_id",
    "code",
    "score",
    "method",
    "evidence",
    "model",
    "codebook",
    "encoder",
    "run",
    "interview_id",
    "dataset",
    "probability",
)


def write_suggestions_csv(suggestions: Sequence[PlacedSuggestion]) -> str:
    """Write suggestions in transcript order, strongest first; no interview text."""
    return write_csv([COLUMNS, *(_cells(placed) for placed in suggestions)])


def _cells(placed: PlacedSuggestion) -> tuple[object, ...]:
    suggestion = placed.suggestion
    return (
        placed.excerpt,
        suggestion.code_key,
        f"{suggestion.score:.4f}",
        suggestion.method,
        json.dumps(suggestion.evidence, sort_keys=True),
        suggestion.model[:12],
        suggestion.codebook_version,
        suggestion.encoder,
        suggestion.run_id,
        placed.interview,
        placed.dataset,
        "" if suggestion.probability is None else f"{suggestion.probability:.4f}",
    )
