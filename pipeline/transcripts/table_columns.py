"""Finds the columns of a transcript in a table by their names, in English and Dutch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# The first name that a table has is taken: "name" may be a file's where there is a "speaker".
SPEAKER = ("speaker", "spreker", "speaker name", "speaker label", "speaker id", "sprekernaam",
           "naam spreker", "participant", "deelnemer", "respondent", "who", "wie", "name", "naam",
           "persoon", "person", "role", "rol", "label", "speakers", "sprekers", "user", "sprecher",
           "voice", "stem", "actor")  # fmt: skip
TEXT = ("text", "tekst", "utterance", "uiting", "transcript", "transcriptie", "transcription",
        "content", "inhoud", "uitspraak", "utterance text", "turn text", "sentence", "zin",
        "dialogue", "dialoog", "message", "bericht", "speech", "spraak", "caption", "words",
        "woorden", "verbatim", "fragment", "segment text", "transcript text")  # fmt: skip
START = ("start", "begin", "start time", "starttime", "starttijd", "begintijd", "begin tijd",
         "start tijd", "time start", "timestamp", "tijdstempel", "time stamp", "timecode",
         "tijdcode", "time", "tijd", "time in", "in", "from", "van", "onset", "timespan",
         "tijdspanne", "start ms",
         "startms", "start timestamp", "start timecode")  # fmt: skip
END = ("end", "einde", "eind", "end time", "endtime", "eindtijd", "einde tijd", "time end",
       "time out", "out", "to", "tot", "stop", "offset", "end ms", "endms", "end timestamp",
       "end timecode")  # fmt: skip
_SPACE = re.compile(r"[\s_\-./]+")
_UNIT = re.compile(r"[\[(].*?[\])]")


@dataclass(frozen=True)
class Columns:
    """Where in a row what stands; None where the table has no such column."""

    text: int
    speaker: int | None
    start: int | None
    end: int | None
    start_in_ms: bool
    end_in_ms: bool


def find_columns(header: Sequence[str]) -> Columns | None:
    """Find the columns of a transcript in a header row; None where it names no text."""
    names = [_tidy(name) for name in header]
    text = _find(names, TEXT)
    if text is None:
        return None
    start, end = _find(names, START), _find(names, END)
    return Columns(
        text=text,
        speaker=_find(names, SPEAKER),
        start=start,
        end=end,
        start_in_ms=_is_ms(header, start),
        end_in_ms=_is_ms(header, end),
    )


def names_speakers(name: str) -> bool:
    """Tell whether a column of this name holds speakers."""
    return _tidy(name) in SPEAKER


def name_expected() -> str:
    """Say which columns a table needs, for a message."""
    return "expected 'text' (or tekst, utterance, uiting) and 'speaker' (or spreker, name, naam)"


def _find(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _tidy(name: str) -> str:
    bare = _UNIT.sub("", name.replace("\ufeff", "").strip()[:100].casefold())
    return _SPACE.sub(" ", bare).strip(" :#*\"'")


def _is_ms(header: Sequence[str], column: int | None) -> bool:
    if column is None:
        return False
    name = header[column].casefold()
    return bool(re.search(r"\bms\b|milli|_ms|start ?ms|end ?ms", name))
