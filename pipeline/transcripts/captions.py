"""Reads the cues of caption files, .vtt and .srt, also those that break the rules."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?"
TIMING = re.compile(rf"\s*({_TIME})\s*-{{1,2}}\s?>\s*({_TIME})(?P<settings>.*)")
_BROKEN_TIMING = re.compile(r"\s*(?:[\d:.,]{0,20}\s*-->\s*[\d:.,]{0,20}|[\d:.,]{1,20}\s*-->.*)\s*")
_PARTS = re.compile(r"(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+))?")
_BLOCK = re.compile(r"NOTE(?:[ \t].*)?|STYLE\s*|REGION\s*|Style:\s*")
_TAG = re.compile(
    r"</?(?:[cibusv]|ruby|rt|lang|font|em|strong|span|br)(?:[.\s][^<>]{0,200})?/?>"
    r"|<\d{1,4}:[\d:.]{2,14}>"
    r"|\{\\[^{}]{0,60}\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>\n]{0,200})>", re.IGNORECASE)
_END_OF_VOICE = re.compile(r"</v\s?>", re.IGNORECASE)
_WEBEX = re.compile(r'\d{1,6}\s+"([^"]{1,100})"(?:\s+\(\d{0,20}\))?')
# Teams names its cues so.
_GUID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:/\d{1,9}-\d{1,9})?", re.IGNORECASE
)
_INLINE_TIME = re.compile(r"<\d{1,4}:[\d:.]{2,14}>")


@dataclass(frozen=True)
class Said:
    """Words of a cue; speaker is None where no voice tag names one."""

    speaker: str | None
    text: str


@dataclass(frozen=True)
class Cue:
    """A caption with its number in the file; times are None where they cannot be read.

    Attributes:
        speaker: Whom Webex names in the line above the times; None elsewhere.
    """

    number: int
    start_ms: int | None
    end_ms: int | None
    lines: tuple[str, ...]
    speaker: str | None = None

    @property
    def place(self) -> str:
        """Name where it stands: "cue 7"."""
        return f"cue {self.number}"

    @property
    def has_inline_times(self) -> bool:
        """Tell whether its words carry times of their own, as YouTube's do."""
        return any(map(_INLINE_TIME.search, self.lines))


@dataclass(frozen=True)
class CaptionFile:
    """The cues of a file, and how many blocks and lines of it are no speech."""

    cues: tuple[Cue, ...]
    n_comments: int
    n_header_lines: int
    header: str


def read_cues(text: str) -> CaptionFile:
    """Read every cue; text that no rule covers stays in the cue before it."""
    lines = text.lstrip("\ufeff").splitlines()
    timings = [i for i, line in enumerate(lines) if "->" in line[:80] and _is_timing(line)]
    n_comments = 0
    cues: list[Cue] = []
    for number, (start, end) in enumerate(zip_longest(timings, timings[1:]), 1):
        until = len(lines) if end is None else _without_identifier(lines, start, end)
        payload, n_blocks = _payload(lines[start + 1 : until])
        n_comments += n_blocks
        above = lines[start - 1] if start else ""
        cues.append(_cue(number, lines[start], payload, _name_above(above)))
    head = lines[: _without_identifier(lines, -1, timings[0])] if timings else lines
    header, n_blocks = _payload(["", *head])
    told = [line for line in header if _tells(line)]
    return CaptionFile(tuple(cues), n_comments + n_blocks, len(told), " ".join(head)[:2000])


def split_voices(text: str) -> Iterator[Said]:
    """Split the text of a cue at its voice tags; tags and entities become plain text."""
    speaker: str | None = None
    position = 0
    for match in _VOICE.finditer(text):
        yield from _said(speaker, text[position : match.start()])
        speaker = html.unescape(_TAG.sub("", match.group(1))).strip().strip("/").strip()
        position = match.end()
    yield from _said(speaker, text[position:])


def plain(line: str) -> str:
    """Strip a line of tags and entities."""
    bare = html.unescape(_TAG.sub("", _VOICE.sub("", line)))
    return bare.replace("\u200b", "").replace("\u200e", "").strip()


def _said(speaker: str | None, text: str) -> Iterator[Said]:
    inside, *outside = _END_OF_VOICE.split(text)
    for part in (inside, *outside):
        if words := plain(part):
            yield Said(speaker, words)


def _is_timing(line: str) -> bool:
    return bool(TIMING.match(line) or _BROKEN_TIMING.fullmatch(line))


def _without_identifier(lines: Sequence[str], start: int, end: int) -> int:
    last = end - 1
    if last <= start or not lines[last].strip() or (last == 0 and lines[0].startswith("WEBVTT")):
        return end
    is_number = lines[last].strip().isdigit() or bool(_GUID.fullmatch(lines[last].strip()))
    # Text directly above a time is the cue's name, but where the cue before lacks a blank line.
    is_parted = last - 1 <= start or not lines[last - 1].strip()
    is_payload_of_cue = last - 1 == start and start >= 0 and not is_number
    return last if is_number or (is_parted and not is_payload_of_cue) else end


def _payload(lines: Sequence[str]) -> tuple[list[str], int]:
    kept: list[str] = []
    n_blocks = 0
    is_after_blank = is_skipping = False
    for line in lines:
        if not line.strip():
            is_after_blank, is_skipping = True, False
        elif is_after_blank and _BLOCK.fullmatch(line.strip()):
            n_blocks += 1
            is_after_blank, is_skipping = False, True
        elif not is_skipping:
            is_after_blank = False
            kept.append(line)
    return kept, n_blocks


def _tells(line: str) -> bool:
    bare = line.strip().removeprefix("WEBVTT").strip(" -\t")
    is_setting = bare.startswith(("Kind:", "Language:", "X-TIMESTAMP-MAP", "::cue", "##", "}"))
    return bool(bare) and not is_setting and not bare.isdigit()


def _name_above(line: str) -> str | None:
    match = _WEBEX.fullmatch(line.strip())
    return match.group(1).strip() if match else None


def _cue(number: int, timing: str, payload: Sequence[str], speaker: str | None) -> Cue:
    match = TIMING.match(timing)
    if match is None:
        return Cue(number, None, None, tuple(payload), speaker)
    return Cue(number, _ms(match.group(1)), _ms(match.group(2)), tuple(payload), speaker)


def _ms(text: str) -> int:
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError("no time")
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))
