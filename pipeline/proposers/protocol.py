"""What a proposer is asked and what it answers; themeloop's own and others' keep to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from codebook.records import Codebook
from models.agreement import BoolArray
from models.contrasts import Pair
from models.passages import Passages

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class CodedExample:
    """An excerpt that people have coded: its words, and the GUIDs of the codes they gave it."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """An interview that codes are to be proposed for.

    passages: Its excerpts in transcript order: what stands around each is there.
    language: ISO 639; codes have wordings in it where the codebook has.
    codebook: Its codes are the columns of the answer.
    linked: Rows of the interviews of the same participant or family, this one among them.
    excerpt_ids: Their rows in the study; empty where they are not of one.
    list_examples: Gives what people coded so far, in interviews that are not linked to this one.
    known_scores: Gives what this same proposer scored here before, (n_excerpts, n_codes), nan where
        it gave nothing; None where it was not asked yet. One that takes long need not say it again.
    """

    passages: Passages
    language: str
    codebook: Codebook
    linked: frozenset[int]
    list_examples: Callable[[], Sequence[CodedExample]]
    excerpt_ids: tuple[int, ...] = ()
    known_scores: Callable[[], Floats | None] = lambda: None


@dataclass(frozen=True)
class Answer:
    """What a proposer says of an interview; arrays are (n_excerpts, n_codes).

    values: How strongly each code is proposed, comparable within an excerpt.
    proposes: Whether that is enough to propose it.
    is_probability: Whether `values` are the chance to be right.
    methods: What proposes each code, (n_codes,).
    explain: Gives the evidence for an excerpt's (row) code (column): ids and offsets, no words.
    inseparable: Pairs of opposite codes that it cannot tell apart.
    raw: What `values` were made of, to be kept and calibrated; nan where the proposer gave nothing.
        None: `values` themselves.
    """

    values: Floats
    proposes: BoolArray
    is_probability: bool
    methods: tuple[str, ...]
    explain: Callable[[int, int], dict[str, Any]]
    inseparable: tuple[Pair, ...] = ()
    raw: Floats | None = None

    @property
    def scores(self) -> Floats:
        """What is kept of it, and calibrated by what people decide."""
        return self.values if self.raw is None else self.raw


class Proposer(Protocol):
    """What proposes codes."""

    def propose(self, question: Question) -> Answer:
        """Say of every excerpt of an interview which codes it may have, and why."""
        ...


@runtime_checkable
class Identified(Protocol):
    """A proposer that says what its scores come from; one that does not is always the same."""

    def identify(self) -> dict[str, Any]:
        """Give plain values that differ where the scores of an excerpt would."""
        ...


@dataclass(frozen=True)
class ModelParts:
    """A stored model version as a proposer is made of it: arrays, facts, and how texts are encoded.

    settings: The study's, as a mapping.
    """

    arrays: dict[str, NDArray[Any]]
    facts: dict[str, Any]
    settings: dict[str, Any]
    encode: Callable[[Sequence[str]], NDArray[np.float32]]


MakeProposer = Callable[[ModelParts], Proposer]
