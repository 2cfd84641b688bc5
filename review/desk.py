"""What one coder's page reads of a study, each time in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from review.errors import RequestError
from review.gate import Gate, name_reader
from review.languages import Speaker, choose_language
from review.reasons import list_near
from review.shelf import Shelf
from study.codebooks import CodebookVersion
from study.coders import Coder
from study.decisions import decisions_of
from study.draws import find_owed, list_owing
from study.excerpt_state import ExcerptState, replay
from study.folder import Study
from study.memos import read_memos
from study.proposed_codes import PROVISIONAL, ProposedCode
from study.records import Excerpt, Suggestion, Transcript, TranscriptVersion, Turn
from study.review_queue import (
    InterviewProgress,
    QueueItem,
    first_open,
    list_items,
    list_progress,
    list_upcoming,
    read_item,
)
from study.seen_codes import list_seen
from study.shown_evidence import CodedQuote, have_words_moved, list_finished, read_quotes
from study.suggestions import read_suggestions
from study.transcripts import read_excerpts, read_turns, transcript_of

# How many excerpts the page holds ready, so that a short break of the line stops nobody.
N_AHEAD = 3


@dataclass(frozen=True)
class OnDesk:
    """All that was read to show one excerpt; states are this coder's own, by excerpt.

    quotes: What suggestions rest on and this coder may be shown, by excerpt.
    have_words_moved: Text was redacted since the suggestions pointed at words.
    memos: By row, those that the states name.
    n_owed: Excerpts of the interview to be coded before any suggestion for it is shown.
    is_committing: The coder's own codes come first; only then is shown what is suggested.
    upcoming: What comes next whatever is decided here, as it would be shown now.
    """

    item: QueueItem
    items: tuple[QueueItem, ...]
    transcript: Transcript
    turns: tuple[Turn, ...]
    excerpts: tuple[Excerpt, ...]
    suggestions: tuple[Suggestion, ...]
    quotes: Mapping[int, CodedQuote]
    have_words_moved: bool
    states: dict[int, ExcerptState]
    memos: Mapping[int, str]
    next_open: int | None
    n_owed: int
    is_committing: bool
    upcoming: tuple[int, ...]


@dataclass(frozen=True)
class Desk:
    """A study as one coder reviews it, in the language that they read."""

    study: Study
    clock: Callable[[], datetime]
    shelf: Shelf
    coder: Coder
    say: Speaker

    @property
    def coder_id(self) -> int:
        """Give the coder's row."""
        return self.coder.id

    @property
    def owner(self) -> str:
        """Name whose decisions a browser keeps, without a name: this coder's of this study."""
        return name_reader(self.study, self.coder.id)

    @property
    def is_commit_first(self) -> bool:
        """Tell whether a coder's own codes come before what is suggested."""
        return self.study.settings.suggestions_shown == "after commit"

    def name_version(self, version: TranscriptVersion) -> str:
        """Name a transcript version as its words stand: stretches are told in these.

        A redaction changes them in their place and keeps the row. Keyed: whoever finds the name in
        a browser cannot try which words had it.
        """
        words = self.study.keyed_hash(f"words\x1f{version.content_hash}")
        return f"{version.id}-{words[:16]}"

    def codebook(self, *, at_least: int = 0) -> CodebookVersion:
        """Give the codebook; read anew where the one at hand is older than the number wanted."""
        return self.shelf.codebook(at_least=at_least)

    def seen_proposed(self, *states: str) -> list[ProposedCode]:
        """Give the codes that coders made and this one may know of: a lead those of others, too.

        None that another made of an interview which this coder has still to read blind.

        Args:
            states: Only codes of which this became; of any if none is named.
        """
        proposed = [each for each in self.shelf.proposed() if not states or each.state in states]
        if not proposed:
            return []
        with self.study.database.read() as connection:
            return list_seen(connection, proposed, self.coder)

    def own_proposed(self) -> list[ProposedCode]:
        """Give the provisional codes that this coder may give: a lead those of others, too."""
        return self.seen_proposed(PROVISIONAL)

    def code_ids(self) -> dict[str, int]:
        """Give the row of every code that this coder may give, by GUID."""
        own = {each.guid: each.code_id for each in self.own_proposed()}
        return own | dict(self.codebook().code_ids)

    def read_progress(self) -> tuple[list[InterviewProgress], int | None]:
        """Read how far each interview is, and the first excerpt that waits."""
        with self.study.database.read() as connection:
            waiting = first_open(connection, self.coder_id)
            progress = list_progress(connection, self.coder_id)
        return progress, waiting.excerpt_id if waiting else None

    def read_owing(self) -> frozenset[str]:
        """Name the interviews in which this coder has still to code excerpts blind."""
        with self.study.database.read() as connection:
            owing = list_owing(connection, self.coder_id)
            progress = list_progress(connection, self.coder_id)
        return frozenset(row.interview for row in progress if row.interview_id in owing)

    def find_start(self, interview_id: int) -> int:
        """Find where to begin in an interview: its first open excerpt, or else its first.

        Raises:
            RequestError: Nothing of it is queued for this coder.
        """
        with self.study.database.read() as connection:
            items = list_items(connection, self.coder_id, interview_id)
            owed = find_owed(connection, self.coder_id, interview_id)
        if not items:
            raise RequestError(404, "interview {n} is not in your queue.", n=interview_id)
        if blind := [item.excerpt_id for item in items if item.excerpt_id in owed]:
            return blind[0]
        waiting = [item for item in items if not item.is_done]
        return min(waiting or items[:1], key=lambda item: (item.priority, item.position)).excerpt_id

    def read_excerpt(self, excerpt_id: int) -> OnDesk:
        """Read an excerpt with all that is shown around it.

        Raises:
            RequestError: It is not in this coder's queue, or not in the transcript as it stands.
        """
        with self.study.database.read() as connection:
            item = read_item(connection, self.coder_id, excerpt_id)
            if item is None:
                raise not_queued(excerpt_id)
            transcript = transcript_of(connection, item.interview_id)
            histories = decisions_of(connection, transcript.id)
            states = {
                excerpt: replay(history)
                for (excerpt, coder), history in histories.items()
                if coder == self.coder_id
            }
            state = states.get(excerpt_id, ExcerptState())
            owed = find_owed(connection, self.coder_id, item.interview_id)
            is_committing = self.is_commit_first and not state.was_done
            suggestions = (
                []
                if owed or is_committing
                else read_suggestions(
                    connection, model_id=item.model_version_id, excerpt_ids=[excerpt_id]
                )
            )
            near = {excerpt for each in suggestions for excerpt in list_near(each)}
            if self.is_commit_first:
                # What others gave to an excerpt is not to be seen before one's own codes are.
                near &= list_finished(connection, self.coder_id, near)
            following = first_open(connection, self.coder_id, after=item)
            return OnDesk(
                item=item,
                items=tuple(list_items(connection, self.coder_id, item.interview_id)),
                transcript=transcript,
                turns=tuple(read_turns(connection, transcript.id)),
                excerpts=tuple(read_excerpts(connection, transcript)),
                suggestions=tuple(suggestions),
                quotes=read_quotes(connection, near, coder_id=self.coder_id),
                have_words_moved=have_words_moved(connection, item.model_version_id),
                states=states,
                memos=read_memos(connection, {s.memo_id for s in states.values() if s.memo_id}),
                next_open=following.excerpt_id if following else None,
                n_owed=len(owed),
                is_committing=is_committing,
                upcoming=()
                if is_committing
                else tuple(list_upcoming(connection, self.coder_id, item, n=N_AHEAD)),
            )


def not_queued(excerpt_id: int) -> RequestError:
    """Say that a coder has no such excerpt."""
    return RequestError(404, "excerpt {n} is not in your queue.", n=excerpt_id)


@dataclass(frozen=True)
class Room:
    """What every reader's desk stands in: the study, its codebook on the shelf, and the gate."""

    study: Study
    clock: Callable[[], datetime]
    shelf: Shelf
    gate: Gate


def find_desk(request: Request) -> Desk:
    """Find the desk of who asks.

    Raises:
        RequestError: Nobody who may.
    """
    room: Room = request.app.state.room
    coder = room.gate.admit(request)
    return Desk(room.study, room.clock, room.shelf, coder, Speaker(choose_language(request)))


AtDesk = Annotated[Desk, Depends(find_desk)]
