"""What is known of which excerpt has which code, to learn from and to judge by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray
from models.passages import IntArray
from models.vectors import FloatArray


@dataclass(frozen=True)
class Labels:
    """Labels of excerpts in the order of the passages they belong to.

    targets: (n_excerpts, n_codes) how likely the excerpt has the code, 0 to 1, by what people
        said: 1 given, 0 rejected or judged absent, between where absence is not sure.
    is_known: (n_excerpts, n_codes) whether anything was said; the other targets are not looked at.
    weights: (n_excerpts,) how many excerpts each stands for where methods are judged, calibrated
        and chosen; 0 where it may be learnt from only, as what was coded with suggestions in view.
    groups: (n_excerpts,) number of what is held out together: a family, else a participant.
    """

    targets: FloatArray
    is_known: BoolArray
    weights: NDArray[np.float64]
    groups: IntArray

    @property
    def has_code(self) -> BoolArray:
        """The targets as yes or no; unknown ones are no."""
        return self.is_known & (self.targets >= 0.5)

    @property
    def is_judged(self) -> BoolArray:
        """(n_excerpts, n_codes) where a label counts in judging."""
        return self.is_known & (self.weights > 0)[:, None]

    def take(self, rows: IntArray) -> "Labels":
        """Take some of the excerpts."""
        return Labels(
            self.targets[rows], self.is_known[rows], self.weights[rows], self.groups[rows]
        )
