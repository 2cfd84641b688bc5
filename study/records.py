"""What the study room hands out: plain frozen values, no database object among them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Span:
    """A stretch of a transcript in Unicode code points, end exclusive."""

    start_char: int
    end_char: int


@dataclass(frozen=True)
class Turn:
    """What one speaker says until another does; role is None where nobody said who speaks.

    start_ms: When it begins in the recording; None where nobody said so.
    """

    speaker: str
    span: Span
    role: str | None = None
    start_ms: int | None = None


@dataclass(frozen=True)
class GivenExcerpt:
    """An excerpt as a file gave it, with the words it covers."""

    label: str
    position: int
    speaker: str
    text: str


@dataclass(frozen=True)
class GivenCoding:
    """What one coder decided about one excerpt of a file; no keys means no code fits."""

    excerpt_label: str
    coder: str
    keys: tuple[str, ...]
    line: int
    is_assisted: bool = False


@dataclass(frozen=True)
class CodedInterview:
    """One interview of a coded file, with every coder's work on it."""

    label: str
    dataset: str
    language: str | None
    participant: str | None
    excerpts: tuple[GivenExcerpt, ...]
    codings: tuple[GivenCoding, ...]


@dataclass(frozen=True)
class TranscriptVersion:
    """A version of an interview's transcript, without its words; id is its row."""

    id: int
    interview_id: int
    interview: str
    language: str | None
    content_hash: str
    segmentation_id: int | None
    number: int = 1


@dataclass(frozen=True)
class Transcript(TranscriptVersion):
    """A pseudonymised transcript version."""

    text: str = field(kw_only=True)


@dataclass(frozen=True)
class Excerpt:
    """An immutable frame around a transcript's words: text == transcript.text[start:end]."""

    id: int
    label: str
    position: int
    span: Span
    text: str
    text_hash: str


@dataclass(frozen=True)
class Run:
    """One go of a flow over the study."""

    id: int
    kind: str
    state: str
    started_at: datetime
    counts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelVersion:
    """A fitted proposer: arrays in a folder named by their SHA-256, and where they came from."""

    id: int
    method: str
    encoder_id: int
    encoder: str
    codebook_version_id: int
    sha256: str
    n_excerpts: int
    n_activations: int
    settings_hash: str = ""


@dataclass(frozen=True)
class NewSuggestion:
    """A code proposed for an excerpt, with the evidence that it was proposed on.

    probability: How likely it is right; None where only a score can be told.
    method: What proposed it; the model's own where it is not named.
    """

    excerpt_id: int
    code_id: int
    score: float
    rank: int
    evidence: dict[str, Any]
    probability: float | None = None
    method: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """A stored suggestion; every part names where it came from."""

    id: int
    excerpt_id: int
    code_guid: str
    code_key: str
    score: float
    rank: int
    method: str
    evidence: dict[str, Any]
    run_id: int
    encoder: str
    model: str
    codebook_version: int
    probability: float | None = None


@dataclass(frozen=True)
class Failure:
    """A step that could not be done for one interview, and why."""

    step: str
    subject: str
    reason: str
