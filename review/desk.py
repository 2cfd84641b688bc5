"""What one coder's page reads of a study, each time in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from review.errors import RequestError
from review.reasons import list_near
from study.codebooks import CodebookVersion, current_codebook, read_merging
from study.decisions import ExcerptState, decisions_of, replay
from study.draws import find_owed
from study.folder import Study
from study.merging import Merging
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
from study.shown_evidence import CodedQuote, have_words_moved, read_quotes
from study.suggestions import read_suggestions
from study.transcripts import read_excerpts, read_turns, transcript_of


@dataclass(frozen=True)
class OnDesk:
    """All that was read to show one excerpt; states are this coder's own, by excerpt.

    quotes: What suggestions rest on and this coder may be shown, by excerpt.
    have_words_moved: Text was redacted since the suggestions pointed at words.
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
        self._merging = Merging()

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
            self._merging = read_merging(connection)
        return self._codebook

    def name_codes_now(self, codes: frozenset[int]) -> frozenset[str]:
        """Give the codes of the codebook at hand that these rows count for, by GUID."""
        into = self._merging.into
        rows = {into.get(row, row) for row in codes}
        return frozenset(guid for guid, row in self.codebook().code_ids.items() if row in rows)

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
            following = first_open(connection, self.coder_id, after=item)
            owed = find_owed(connection, self.coder_id, item.interview_id)
            suggestions = (
                []
                if owed
                else read_suggestions(
                    connection, model_id=item.model_version_id, excerpt_ids=[excerpt_id]
                )
            )
            near = {excerpt for each in suggestions for excerpt in list_near(each)}
            return OnDesk(
                item=item,
                items=tuple(list_items(connection, self.coder_id, item.interview_id)),
                transcript=transcript,
                turns=tuple(read_turns(connection, transcript.id)),
                excerpts=tuple(read_excerpts(connection, transcript)),
                suggestions=tuple(suggestions),
                quotes=read_quotes(connection, near, coder_id=self.coder_id),
                have_words_moved=have_words_moved(connection, item.model_version_id),
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
