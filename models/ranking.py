"""How well scores rank: a code's excerpts, and an excerpt's codes; undefined figures are None."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray, mean_of_defined

Values: TypeAlias = NDArray[np.floating[Any]]


def mean_average_precision(labels: BoolArray, scores: Values, codes: Iterable[int]) -> float | None:
    """Return the mean average precision over these codes; both arrays are (n_excerpts, n_codes).

    Codes that no excerpt has are left out.
    """
    from sklearn.metrics import (  # noqa: PLC0415  an idle run starts without it
        average_precision_score,
    )

    return mean_of_defined(
        float(average_precision_score(labels[:, code], scores[:, code]))
        for code in codes
        if labels[:, code].any()
    )


def weighted_average_precision(
    labels: BoolArray, scores: Values, weights: Values, *, is_sorted: bool = False
) -> float:
    """Return the average precision of excerpts that stand for several; all are (n_excerpts,).

    Excerpts of equal score are taken together. 0 where none has a positive label.

    Args:
        is_sorted: They come in order, highest score first.
    """
    if not is_sorted:
        order = np.argsort(-scores, kind="stable")
        labels, scores, weights = labels[order], scores[order], weights[order]
    ranked, weight = scores, weights.astype(np.float64)
    right = np.cumsum(weight * labels)
    if not len(right) or not right[-1]:
        return 0.0
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    found, given = right[ends], np.cumsum(weight)[ends]
    return float((np.diff(found, prepend=0.0) * found / given).sum() / found[-1])


def hit_at_1(labels: BoolArray, scores: Values) -> float | None:
    """Return the share of excerpts with a code whose highest-scored code is one of theirs.

    Args:
        labels: (n_excerpts, n_codes).
        scores: (n_excerpts, n_codes), comparable within a row; of equal ones the first code leads.
    """
    return _mean(_labels_in_order(labels, scores)[:, 0])


def recall_at_3(labels: BoolArray, scores: Values) -> float | None:
    """Return the mean share of an excerpt's codes among its three highest-scored, where it has one.

    Args:
        labels: (n_excerpts, n_codes).
        scores: (n_excerpts, n_codes), comparable within a row; of equal ones the first code leads.
    """
    ordered = _labels_in_order(labels, scores)
    return _mean(ordered[:, :3].sum(axis=1) / ordered.sum(axis=1))


def _labels_in_order(labels: BoolArray, scores: Values) -> BoolArray:
    has_code = labels.any(axis=1)
    order = np.argsort(-scores[has_code], axis=1, kind="stable")
    ordered: BoolArray = np.take_along_axis(labels[has_code], order, axis=1)
    return ordered


def _mean(shares: NDArray[Any]) -> float | None:
    return float(shares.mean()) if len(shares) else None
