"""What the codebook misses, as questions; and the code that a person makes of one."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from study import tables as t
from study.codebook_edits import add_code
from study.codebooks import CodebookVersion, current_codebook, store_codebook
from study.errors import StudyError
from study.ledger import hash_parts

MADE = "code made of a group"
N_QUOTES = 3


@dataclass(frozen=True)
class LooseExcerpt:
    """An excerpt that fits no code; number is its place in the interview, from 1.

    is_coded: Whether a coder finished it without a code; else nothing is suggested for it.
    """

    id: int
    label: str
    interview: str
    participant: str
    language: str
    text: str
    is_coded: bool
    number: int


@dataclass(frozen=True)
class Gap:
    """A group of excerpts of like meaning, the most central first: a new code?

    number: Its place in the list, from 1.
    cohesion: Mean cosine between two of its excerpts, centred, -1 to 1.
    """

    number: int
    excerpts: tuple[LooseExcerpt, ...]
    n_participants: int
    words: tuple[str, ...]
    cohesion: float

    @property
    def id(self) -> str:
        """Names the group by its excerpts: another group never goes by the same name."""
        return hash_parts(*sorted(excerpt.id for excerpt in self.excerpts))[:16]

    @property
    def quotes(self) -> tuple[LooseExcerpt, ...]:
        """The most central excerpts, of different participants as far as there are."""
        firsts: dict[str, LooseExcerpt] = {}
        for excerpt in self.excerpts:
            firsts.setdefault(excerpt.participant, excerpt)
        chosen = list(firsts.values())
        chosen += [excerpt for excerpt in self.excerpts if excerpt not in chosen]
        return tuple(chosen[:N_QUOTES])


@dataclass(frozen=True)
class Gaps:
    """What was looked at, and the groups that were found in it.

    has_model: Whether suggestions were ever made; else nothing is known.
    n_finished: Excerpts that any coder finished.
    n_coded: Loose excerpts that coders finished without a code.
    n_unsuggested: Loose excerpts that nobody finished and for which nothing is suggested.
    n_participants: Of all loose excerpts.
    n_without_vector: Loose excerpts that cannot be compared yet.
    n_interviews_held: Interviews that were not looked at, because they are to be coded blind.
    fewest: Excerpts that a group must have.
    is_outdated: The codebook was changed after these suggestions were made.
    """

    has_model: bool = False
    gaps: tuple[Gap, ...] = ()
    n_finished: int = 0
    n_coded: int = 0
    n_unsuggested: int = 0
    n_participants: int = 0
    n_without_vector: int = 0
    n_interviews_held: int = 0
    fewest: int = 0
    is_outdated: bool = False

    def find(self, number: int) -> Gap:
        """Give a group by its number.

        Raises:
            StudyError: There is none.
        """
        for gap in self.gaps:
            if gap.number == number:
                return gap
        raise StudyError(
            f"There is no group {number}; there are {len(self.gaps)}. 'themeloop gaps' lists them."
        )


@dataclass(frozen=True)
class NewCode:
    """What a person calls a group, and what it means.

    theme: GUID of the theme that is to draw on it.
    """

    key: str
    name: str
    definition: str
    examples: tuple[str, ...] = ()
    theme: str | None = None


def make_code(
    connection: sa.Connection, new: NewCode, gap: Gap, *, actor: str, now: datetime
) -> CodebookVersion:
    """Add a code to the codebook, as a new version; what it was made of is noted.

    The wording stands for every language of the codebook until somebody translates it.

    Raises:
        StudyError: Something is blank, the codebook has such a code, or the key cannot stand.
    """
    book = current_codebook(connection).codebook
    changed = add_code(
        book,
        key=new.key,
        name=new.name,
        definition=new.definition,
        examples=new.examples,
        theme=new.theme,
    )
    store_codebook(connection, changed, now=now)
    version = current_codebook(connection)
    details = {
        "code": version.codebook.codes[-1].guid,
        "codebook_version": version.number,
        "excerpts": [excerpt.id for excerpt in gap.excerpts],
        "n_examples": len(new.examples),
    }
    connection.execute(
        sa.insert(t.audit).values(actor=actor, action=MADE, details=details, done_at=now)
    )
    return version
