"""Carries a classifier over to a changed codebook, until it is trained anew."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration import Curve
from models.choice import CodeChoice
from models.labels import Labels
from models.probabilities import SIMILARITY, Calibration
from models.stored import StoredClassifier

NEW = "new in the codebook: nothing was learnt of it yet"
# Log-odds at which a code that the multinomial does not know takes no part.
NOT_THERE = -30.0


def carry_over(stored: StoredClassifier, columns: Sequence[int | None]) -> StoredClassifier:
    """Give the classifier with the codes of another codebook.

    What was learnt of a code stays; a new one is proposed by its description, on the curve and
    from the threshold that codes have in common.

    Args:
        columns: For each code its column in `stored`, or None where it is new.
    """
    return replace(
        stored,
        ridge=_take(stored.ridge, columns, 0),
        multinomial=_take(stored.multinomial, [*columns, -1], 0),
        multinomial_bias=_take(stored.multinomial_bias[None], [*columns, -1], NOT_THERE)[0],
        labels=Labels(
            targets=_take(stored.labels.targets, columns, 0),
            is_known=_take(stored.labels.is_known, columns, 0),
            weights=stored.labels.weights,
            groups=stored.labels.groups,
        ),
        held_out=_take(stored.held_out, columns, np.nan),
        word_weights=_take(stored.word_weights, columns, 0),
        calibration=_carry_curves(stored.calibration, columns),
        choices=replace(
            stored.choices,
            codes=tuple(
                _new(stored) if column is None else stored.choices.codes[column]
                for column in columns
            ),
        ),
    )


def _take(values: NDArray[Any], columns: Sequence[int | None], empty: float) -> NDArray[Any]:
    taken: NDArray[Any] = np.full((len(values), len(columns)), empty, dtype=values.dtype)
    for place, column in enumerate(columns):
        if column is not None:
            taken[:, place] = values[:, column]
    return taken


def _new(stored: StoredClassifier) -> CodeChoice:
    return CodeChoice(
        method=SIMILARITY,
        reason=NEW,
        threshold=stored.choices.shared_threshold,
        precision={},
        n_positive=0,
        n_groups=0,
        is_own_threshold=False,
    )


def _carry_curves(calibration: Calibration, columns: Sequence[int | None]) -> Calibration:
    curves: dict[str, tuple[Curve, ...]] = {
        field.name: tuple(
            calibration.common if column is None else getattr(calibration, field.name)[column]
            for column in columns
        )
        for field in fields(Calibration)
        if field.name != "common"
    }
    return Calibration(**curves, common=calibration.common)
