"""What the page's scripts send, checked for its form before anything is looked up."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

import pydantic
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from study.records import Span
from study.storable import is_storable

# JavaScript counts no further, and no database's key does either.
RowId = Annotated[int, Field(ge=1, le=2**53 - 1)]
Place = Annotated[int, Field(ge=0, le=2**31 - 1)]
Milliseconds = Annotated[int, Field(ge=0, le=2**31 - 1)]
ActionId = Annotated[str, Field(max_length=36)]
# As `Desk.name_version` makes it. What an earlier page kept names it by its row, which tells
# nothing of the words.
VersionName = RowId | Annotated[str, Field(max_length=64)]
ON_SUGGESTION = ("accept", "reject", "pass_over")
ON_CODE = ("add", "remove")
WITH_SPAN = ("accept", "add", "remove", "bound")
UNSTORABLE = "unstorable"


class Sent(BaseModel):
    """What a page sends: nothing that is not expected, and no sign that no database can store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @pydantic.model_validator(mode="before")
    @classmethod
    def _check_signs(cls, sent: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
        # Before the fields are read: the reader is to be told what is wrong in their words.
        if not all(map(is_storable, _list_texts(sent))):
            raise PydanticCustomError(UNSTORABLE, "it contains a character that cannot be stored")
        return sent


class SentVerdict(Sent):
    """One part of an action as the page sends it; its words are told as a stretch of them."""

    verdict: Literal[
        "accept", "reject", "pass_over", "add", "remove", "done", "reopen", "unsure", "bound"
    ]
    code_guid: Annotated[str, Field(max_length=36)] | None = None
    suggestion_id: RowId | None = None
    start_char: Place | None = None
    end_char: Place | None = None

    @property
    def span(self) -> Span | None:
        """The words that it is about; None: the excerpt's."""
        if self.start_char is None or self.end_char is None:
            return None
        return Span(self.start_char, self.end_char)

    @pydantic.model_validator(mode="after")
    def _check_span(self) -> "SentVerdict":
        is_whole = self.start_char is None and self.end_char is None
        if not is_whole and (self.span is None or self.span.start_char >= self.span.end_char):
            raise ValueError("a stretch begins before it ends")
        if (self.verdict == "bound" and is_whole) or not (is_whole or self.verdict in WITH_SPAN):
            raise ValueError("this verdict is about a stretch of words, or is not")
        return self


class SentAction(Sent):
    """One key press.

    model_version_id: That of the suggestions on the screen, if it is told.
    version_id: The transcript version that stretches are told in, as its words stood.
    after: What may be the coder's last action on the excerpt as far as the page knows; empty: there
        is none. Left out: whatever came before.
    shown_ms: How long the excerpt had been on the screen.
    has_next: The page holds the next excerpt ready.
    """

    id: UUID
    excerpt_id: RowId
    model_version_id: RowId | None = None
    version_id: VersionName | None = None
    after: ActionId | Annotated[tuple[ActionId, ...], Field(max_length=256)] | None = None
    shown_ms: Milliseconds | None = None
    has_next: bool = False
    verdicts: Annotated[tuple[SentVerdict, ...], Field(min_length=1, max_length=64)]


class SentMemo(Sent):
    """What a coder writes about an excerpt; empty takes it back."""

    id: UUID
    excerpt_id: RowId
    text: Annotated[str, Field(max_length=20_000)]


class SentUndo(Sent):
    """One press of the undo key; action: what is taken back, where it is not the latest."""

    id: UUID
    action: UUID | None = None


def _list_texts(sent: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON can hold
    # Not by calls of itself: what is sent may be nested as deep as it is long.
    left = [sent]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, list | tuple):
            left += each
