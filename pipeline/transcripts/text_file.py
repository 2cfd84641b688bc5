"""Reads the bytes of a text file as text, whatever its encoding."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice

import charset_normalizer

from study.errors import InputError

_BYTE_ORDER_MARKS = (
    # UTF-32's begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"cp1252": "Windows-1252", "latin_1": "Latin-1", "mac_roman": "Mac Roman", "cp850": "DOS"}
# What Dutch and English, and their neighbours, write beyond ASCII.
_WESTERN = frozenset(
    "éëïèüöäáíóúêôâçñàûîìòùÉËÏÈÜÖÄÁÍÓÚÊÇÑÀÂßæøåØÅ€£§°·…–—•«»½ "
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{NO-BREAK SPACE}\N{ACUTE ACCENT}"
)
_LIKELY = 0.6
_AROUND = re.compile(rb".{0,40}[\x80-\xff].{0,40}", re.DOTALL)
_MOST_AROUND = 5000
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]")
_SAMPLE = 200_000


@dataclass(frozen=True)
class DecodedText:
    """A file's text and, where it was not UTF-8, what it was taken for."""

    text: str
    notes: tuple[str, ...] = ()


def decode_text(content: bytes, name: str) -> DecodedText:
    """Decode a text file.

    Raises:
        InputError: It is empty, or not a text.
    """
    decoded = _decode(content, name)
    if not decoded.text.strip("\ufeff \t\r\n\v\f\u2028\u2029"):
        raise InputError([f"{name}: the file is empty. Export the transcript again."])
    n_control = len(_CONTROL.findall(decoded.text[:_SAMPLE]))
    if "\0" in decoded.text or n_control > min(len(decoded.text), _SAMPLE) // 100:
        raise _not_text(name)
    return decoded


def _decode(content: bytes, name: str) -> DecodedText:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_as(content, encoding, name)
    if b"\0" in content:
        guess = _guess_utf_16(content)
        if guess is None:
            raise _not_text(name)
        return _decode_as(content, guess, name)
    try:
        return DecodedText(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _decode_other(content)


def _decode_as(content: bytes, encoding: str, name: str) -> DecodedText:
    text = content.decode(encoding, errors="replace")
    n_broken = text.count("\ufffd")
    if n_broken > len(text) // 100:
        raise _not_text(name)
    shown = encoding.upper().removesuffix("-SIG").removesuffix("-LE").removesuffix("-BE")
    notes = [] if shown == "UTF-8" else [f"the encoding was read as {shown}"]
    notes += [f"{n_broken} characters could not be read as {shown}"] if n_broken else []
    return DecodedText(text, tuple(notes))


def _guess_utf_16(content: bytes) -> str | None:
    sample = content[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 4 and even < odd // 8:
        return "utf-16-le"
    if even > len(sample) // 4 and odd < even // 8:
        return "utf-16-be"
    return None


def _decode_other(content: bytes) -> DecodedText:
    escaped = content.decode("utf-8", errors="surrogateescape")
    n_broken = sum("\udc80" <= char <= "\udcff" for char in escaped)
    n_high = len(_HIGH_BYTES.findall(content))
    if n_high - n_broken > n_broken:
        mended = re.sub("[\udc80-\udcff]", _as_windows, escaped)
        return DecodedText(
            mended, (f"{n_broken} bytes are not UTF-8 and were read as Windows-1252: look at them",)
        )
    encoding = _guess_one_byte(content)
    return DecodedText(
        content.decode(encoding),
        (f"the encoding was read as {_NAMES.get(encoding, encoding)}: look at accents",),
    )


def _as_windows(match: re.Match[str]) -> str:
    return bytes([ord(match.group()) - 0xDC00]).decode("cp1252", errors="replace")


def _guess_one_byte(content: bytes) -> str:
    sample = _around_high_bytes(content)
    shares = {name: _share_of_western(sample, name) for name in _NAMES}
    # The first of equals: Windows-1252 is by far the commonest.
    likely = max(shares, key=lambda name: shares[name])
    if shares[likely] > _LIKELY and _is_mostly_ascii(content) and _can_decode(content, likely):
        return likely
    best = charset_normalizer.from_bytes(sample).best()
    guess = best.encoding if best is not None else "cp1252"
    return next(name for name in (guess, "cp1252", "latin_1") if _can_decode(content, name))


def _is_mostly_ascii(content: bytes) -> bool:
    # One letter in five with an accent is no Western European language, but another script.
    sample = content[:_SAMPLE]
    return len(_HIGH_BYTES.findall(sample)) < len(sample) / 5


def _around_high_bytes(content: bytes) -> bytes:
    sample = b"".join(match.group() for match in islice(_AROUND.finditer(content), _MOST_AROUND))
    return sample or content[:_SAMPLE]


def _share_of_western(sample: bytes, encoding: str) -> float:
    high = [char for char in sample.decode(encoding, errors="replace") if char > "\x7f"]
    return sum(char in _WESTERN for char in high) / max(len(high), 1)


def _can_decode(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _not_text(name: str) -> InputError:
    return InputError(
        [
            f"{name}: it holds bytes that no text has, so it is no text file. Save the transcript "
            "as .txt (UTF-8) or .docx."
        ]
    )
