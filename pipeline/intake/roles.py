"""Who of the speakers asks and who tells: recognised by the label, else asked, never guessed."""

import re
from collections.abc import Iterable, Sequence

from pipeline.intake.interviews import InterviewRow

# Labels that say of themselves that their bearer asks.
ASKING = frozenset(
    {
        "enqueteur",
        "enquêteur",
        "facilitator",
        "gespreksleider",
        "i",
        "int",
        "interv",
        "interviewer",
        "interviewster",
        "moderator",
        "onderzoeker",
        "onderzoekster",
        "q",
        "researcher",
        "vraag",
        "vragensteller",
    }
)
# Labels that a program numbers anew in each file: what one means says nothing of the next.
NUMBERED = re.compile(
    r"^(speaker|spreker|sprecher|spk|person|persoon|voice)[ _-]*(\d+|[a-z])$|^s?\d+$", re.I
)


def recognise_interviewers(labels: Sequence[str], said: Iterable[InterviewRow]) -> list[str]:
    """Find the labels that are an interviewer's: by what they say, or as earlier rows said.

    Args:
        labels: The speakers of a file; one alone is never taken for the interviewer.
        said: Rows in which a person has named the interviewers.
    """
    named = {
        _fold(label)
        for row in said
        for label in row.interviewers
        if not NUMBERED.match(label.strip())
    }
    found = [label for label in labels if _fold(label) in ASKING | named]
    return found if len(found) < len(labels) else []


def _fold(label: str) -> str:
    return re.sub(r"[ _-]*\d+$", "", label.casefold().strip(" .:[]<>")) or label.casefold()
