"""A candidate: what was learnt, ready to be stored, with all that says whether it may take over."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from models.choice import CodeChoice
from models.judging import Judgement
from models.rivals import Difference


@dataclass(frozen=True)
class Candidate:
    """A trained or calibrated version of a proposer.

    arrays, facts: To be saved as a model version of the method.
    choices: How each code is proposed.
    n_unread: Excerpts that the proposer was asked about and gave nothing for.
    """

    method: str
    arrays: dict[str, NDArray[Any]]
    facts: dict[str, Any]
    choices: tuple[CodeChoice, ...]
    judgement: Judgement
    difference: Difference
    reasons: tuple[str, ...]
    is_better: bool
    n_unread: int = 0
