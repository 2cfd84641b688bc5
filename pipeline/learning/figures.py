"""The figures that are kept with a trained version, as plain values that turn into JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from models.choice import CodeChoice
from models.judging import CodeFigures, Judgement
from models.rivals import Difference

DIGITS = 4


def describe_training(
    judgement: Judgement, choices: Sequence[CodeChoice], keys: Sequence[str]
) -> dict[str, Any]:
    """Give how good a candidate was on held-out excerpts, in all and code by code."""
    return {
        "n_judged": judgement.n_judged,
        "n_groups": judgement.n_groups,
        "held_out": {
            name: _rounded(getattr(judgement, name))
            for name in ("map", "macro_f1", "kappa", "hit1", "rec3", "ece")
        },
        "codes": [
            _describe_code(key, figures, choice)
            for key, figures, choice in zip(keys, judgement.codes, choices, strict=True)
        ],
        "reliability": [_round_all(asdict(each)) for each in judgement.reliability],
        "generosity": [
            {
                "generosity": cost.generosity,
                "per_100_excerpts": _rounded(cost.per_100),
                "share_right": _rounded(cost.share_right),
                "share_found": _rounded(cost.share_found),
            }
            for cost in judgement.costs
        ],
    }


def describe_difference(difference: Difference, model_id: int | None) -> dict[str, Any]:
    """Give how a candidate compares with what is in force."""
    return {
        "with": model_id,
        "map_difference": _rounded(difference.mean_average_precision),
        "low": _rounded(difference.low),
        "high": _rounded(difference.high),
    }


def _describe_code(key: str, figures: CodeFigures, choice: CodeChoice) -> dict[str, Any]:
    return {
        "key": key,
        "n_positive": figures.n_positive,
        "n_groups": figures.n_groups,
        "method": choice.method,
        "why": choice.reason,
        "average_precision": _rounded(figures.average_precision),
        "f1": _rounded(figures.f1),
        "threshold": _rounded(choice.threshold) if np.isfinite(choice.threshold) else None,
        "is_told": figures.is_told,
    }


def _round_all(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _rounded(value) for name, value in values.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DIGITS)
