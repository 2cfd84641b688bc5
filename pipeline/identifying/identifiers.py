"""Finds what identifies people in a text: by the gazetteer, speakers, shapes and a recogniser."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate

from pipeline.identifying.gazetteer import KEEP, Entry, Gazetteer
from pipeline.identifying.name_index import NameIndex
from pipeline.identifying.patterns import find_patterns
from pipeline.identifying.recognised import find_recognised, names_somebody
from pipeline.identifying.speakers import as_entries
from pipeline.identifying.words import fold_name, fold_word
from pipeline.linguistics import Recognise, function_words
from study.records import Span

GAZETTEER, SPEAKER, PATTERN, RECOGNISER = "gazetteer", "speaker", "pattern", "recogniser"
PSEUDONYM = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
# Whatever a transcriber put in brackets; long ones are no remark.
BRACKETED = re.compile(r"\[[^\[\]\n]{1,200}\]")
HAS_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Identifier:
    """A stretch of a text that identifies somebody or something.

    Attributes:
        category: Of a person, place or number, such as CHILD, TOWN or PHONE.
        name: The same for every way to write one name.
        source: Who knows it: gazetteer, speaker, pattern or recogniser.
    """

    span: Span
    category: str
    name: str = field(repr=False)
    source: str


def find_identifiers(
    text: str,
    gazetteer: Gazetteer,
    *,
    language: str,
    participants: Collection[str] = (),
    recognise: Recognise | None = None,
    speakers: Sequence[tuple[str, str]] = (),
) -> list[Identifier]:
    """Find identifiers, in order and without overlap; pseudonyms that stand there are left alone.

    Where two overlap, the gazetteer or a speaker goes before a shape, a shape before a recogniser,
    the longer before the shorter; but an address or number goes whole, with the names in it. What
    an overlap leaves uncovered is still replaced.

    Args:
        participants: Whose interview it is: their own entries of the gazetteer count too.
        speakers: (label, category) of everybody who speaks; labels that name nobody do nothing.
    """
    names = _find_names(text, gazetteer.of(*participants), tuple(speakers), language)
    pseudonyms = [Span(*found.span()) for found in PSEUDONYM.finditer(text)]
    named = _Layout(text, pseudonyms)
    named.lay(names)
    shapes = [
        Identifier(hit.span, hit.category, hit.name, PATTERN)
        for hit in find_patterns(text, language)
    ]
    layout = _Layout(text, pseudonyms)
    layout.lay(_outside(named.laid, shapes))
    layout.lay(shapes)
    if recognise is not None:
        layout.lay(_find_others(text, layout, language, recognise))
    return [each for each in layout.laid if each.category != KEEP]


def find_listed(
    text: str, gazetteer: Gazetteer, *, language: str, participants: Collection[str] = ()
) -> list[Identifier]:
    """Find the gazetteer's names only, also those within an address or a number."""
    layout = _Layout(text, [Span(*found.span()) for found in PSEUDONYM.finditer(text)])
    layout.lay(_find_names(text, gazetteer.of(*participants), (), language))
    return [each for each in layout.laid if each.category != KEEP]


class _Layout:
    """Lays claims on a text without overlap; what is there stays."""

    def __init__(self, text: str, taken: Iterable[Span]) -> None:
        self.text = text
        self.taken = sorted((span.start_char, span.end_char) for span in taken)
        self.laid: list[Identifier] = []

    def lay(self, claims: Iterable[Identifier]) -> None:
        """Lay claims where it is free, the longest first; of the others what is left over."""
        for claim in sorted(claims, key=_longest_first):
            for start, end in self._free(claim.span):
                is_whole = (start, end) == _ends(claim.span)
                span = claim.span if is_whole else _trim(self.text, start, end)
                if span is not None:
                    self.laid.append(Identifier(span, claim.category, claim.name, claim.source))
                    insort(self.taken, _ends(span))
        self.laid.sort(key=lambda each: each.span.start_char)

    def _free(self, span: Span) -> list[tuple[int, int]]:
        at, free = span.start_char, []
        place = max(0, bisect_left(self.taken, (at, at)) - 1)
        while place < len(self.taken) and self.taken[place][0] < span.end_char:
            start, end = self.taken[place]
            if start > at:
                free.append((at, start))
            at = max(at, end)
            place += 1
        if at < span.end_char:
            free.append((at, span.end_char))
        return free


def _longest_first(claim: Identifier) -> tuple[int, int, bool, str]:
    span = claim.span
    # Of claims alike a word to keep is laid first: it stands for nothing.
    is_name = claim.category != KEEP
    return span.start_char - span.end_char, span.start_char, is_name, claim.category


def _ends(span: Span) -> tuple[int, int]:
    return span.start_char, span.end_char


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and not HAS_WORD.match(text[start]):
        start += 1
    while start < end and not HAS_WORD.match(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def _outside(names: Sequence[Identifier], shapes: Sequence[Identifier]) -> list[Identifier]:
    """Leave out the names that lie within a longer shape, as in an e-mail address."""
    reach = sorted(_ends(shape.span) for shape in shapes)
    starts = [start for start, _ in reach]
    furthest = list(accumulate((end for _, end in reach), max))

    def is_within(span: Span) -> bool:
        n_before, n_until = (
            bisect_left(starts, span.start_char),
            bisect_right(starts, span.start_char),
        )
        return (n_before > 0 and furthest[n_before - 1] >= span.end_char) or (
            n_until > 0 and furthest[n_until - 1] > span.end_char
        )

    return [name for name in names if not is_within(name.span)]


def _find_names(
    text: str, entries: tuple[Entry, ...], speakers: tuple[tuple[str, str], ...], language: str
) -> Iterator[Identifier]:
    index, speaker_names = _build_index(entries, speakers, language)
    for hit in index.find(text):
        source = SPEAKER if hit.name in speaker_names else GAZETTEER
        yield Identifier(hit.span, hit.category, hit.name, source)


# A flow reads many transcripts with one gazetteer.
@lru_cache(maxsize=8)
def _build_index(
    entries: tuple[Entry, ...], speakers: tuple[tuple[str, str], ...], language: str
) -> tuple[NameIndex, frozenset[str]]:
    ordinary = frozenset(fold_word(word) for word in function_words(language))
    known = NameIndex(entries, language, ordinary)
    speaking = [entry for entry in as_entries(speakers) if not known.knows(entry.name)]
    index = NameIndex([*entries, *speaking], language, ordinary) if speaking else known
    of_entries = {fold_name(entry.name) for entry in entries}
    names = frozenset(fold_name(entry.name) for entry in speaking) - of_entries
    return index, names


def _find_others(
    text: str, layout: _Layout, language: str, recognise: Recognise
) -> list[Identifier]:
    remarks = [Span(*found.span()) for found in BRACKETED.finditer(text)]
    known = [each.span for each in layout.laid]
    free = _Layout(text, [*remarks, *known])
    hits = {hit.span: hit for hit in find_recognised(text, language, recognise)}
    free.lay(Identifier(hit.span, hit.category, hit.name, RECOGNISER) for hit in hits.values())
    others = []
    for each in free.laid:
        words = text[each.span.start_char : each.span.end_char]
        if each.span in hits:
            others.append(each)
        elif names_somebody(words, language):
            # What is left of a hit beside a name that is known is another's name.
            others.append(replace(each, name=fold_name(words)))
    return others
