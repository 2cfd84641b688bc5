"""What one coder's page reads of a study, each time in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from review.errors import RequestError
from study.codebooks import CodebookVersion, current_codebook
from study.decisions import ExcerptState, decisions_of, replay
from study.draws import find_owed
from study.folder import Study
from study.records import Excerpt, Suggestion, Transcript, Turn
from study.review_queue import (
    InterviewProgress,
    QueueItem,
    find_coder,
    first_open,
    list_items,
    list_progress,
    read_item,
)
from study.suggestions import read_suggestions
from study.transcripts import read_excerpts, read_turns, transcript_of


@dataclass(frozen=True)
class OnDesk:
    """All that was read to show one excerpt; states are this coder's own, by excerpt."""

    item: QueueItem
    items: tuple[QueueItem, ...]
    transcript: Transcript
    turns: tuple[Turn, ...]
    excerpts: tuple[Excerpt, ...]
    suggestions: tuple[Suggestion, ...]
    states: dict[int, ExcerptState]
    next_open: int | None
    n_owed: int
    """Excerpts of the interview to be coded before any suggestion for it is shown."""


class Desk:
    """A study as one coder reviews it."""

    def __init__(self, study: Study, clock: Callable[[], datetime]) -> None:
        self.study = study
        self.clock = clock
        with study.database.read() as connection:
            self.coder_id = find_coder(connection, study.settings.coder)
        self._codebook: CodebookVersion | None = None

    def codebook(self, *, at_least: int = 0) -> CodebookVersion:
        """Give the codebook; read anew where the one at hand is older than the number wanted.

        Reading it takes 50 ms, and it changes far more seldom than a key is pressed.
        """
        held = self._codebook
        if held is None or held.number < at_least:
            held = self.reread_codebook()
        return held

    def reread_codebook(self) -> CodebookVersion:
        """Read the newest codebook."""
        with self.study.database.read() as connection:
            self._codebook = current_codebook(connection)
        return self._codebook

    def read_progress(self) -> tuple[list[InterviewProgress], int | None]:
        """Read how far each interview is, and the first excerpt that waits."""
        with self.study.database.read() as connection:
            waiting = first_open(connection, self.coder_id)
            progress = list_progress(connection, self.coder_id)
        return progress, waiting.excerpt_id if waiting else None

    def read_owing(self) -> frozenset[str]:
        """Name the interviews in which this coder has still to code excerpts blind."""
        with self.study.database.read() as connection:
            return frozenset(
                row.interview
                for row in list_progress(connection, self.coder_id)
                if find_owed(connection, self.coder_id, row.interview_id)
            )

    def find_start(self, interview_id: int) -> int:
        """Find where to begin in an interview: its first open excerpt, or else its first.

        Raises:
            RequestError: Nothing of it is queued for this coder.
        """
        with self.study.database.read() as connection:
            items = list_items(connection, self.coder_id, interview_id)
            owed = find_owed(connection, self.coder_id, interview_id)
        if not items:
            raise RequestError(404, f"interview {interview_id} is not in your queue.")
        if blind := [item.excerpt_id for item in items if item.excerpt_id in owed]:
            return blind[0]
        return next((item for item in items if not item.is_done), items[0]).excerpt_id

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
            following = first_open(connection, self.coder_id, after=item)
            owed = find_owed(connection, self.coder_id, item.interview_id)
            return OnDesk(
                item=item,
                items=tuple(list_items(connection, self.coder_id, item.interview_id)),
                transcript=transcript,
                turns=tuple(read_turns(connection, transcript.id)),
                excerpts=tuple(read_excerpts(connection, transcript)),
                suggestions=()
                if owed
                else tuple(
                    read_suggestions(
                        connection, model_id=item.model_version_id, excerpt_ids=[excerpt_id]
                    )
                ),
                states={
                    excerpt: replay(history)
                    for (excerpt, coder), history in histories.items()
                    if coder == self.coder_id
                },
                next_open=following.excerpt_id if following else None,
                n_owed=len(owed),
            )


def not_queued(excerpt_id: int) -> RequestError:
    """Say that a coder has no such excerpt."""
    return RequestError(404, f"excerpt {excerpt_id} is not in your queue.")
