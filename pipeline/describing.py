"""Learns how similar a study's excerpts usually are to what its codebook says of each code."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from numpy.typing import NDArray

from codebook.records import Codebook
from models.similarity import fit_similarity, renew_similarity
from pipeline.embed import embed_texts
from pipeline.plan import EMBED, Wanted, embed_input
from pipeline.proposers.similarity import list_parts, pack_model, unpack_model
from pipeline.work import Work
from study.cuts import count_excerpts, segmentation_hashes
from study.database import Connection
from study.ledger import done_inputs, hash_parts
from study.records import TranscriptVersion
from study.transcripts import list_versions
from study.vectors import FloatArray, find_encoder, hash_text, read_vectors, read_vectors_of_cuts

# So many excerpts' vectors are in memory at once, however large the study.
EXCERPTS_AT_ONCE = 8_000
Names = list[list[str]]


@dataclass(frozen=True)
class Described:
    """The similarity models of a study, a language each, as named arrays.

    names: By language, each code's GUID and a hash of the texts that say what it is.
    n_excerpts: Those that what is usual was learnt from.
    """

    arrays: dict[str, NDArray[Any]]
    names: dict[str, Names]
    n_excerpts: int

    @property
    def languages(self) -> list[str]:
        """The languages spoken, in the order of the models."""
        return sorted(self.names)


@dataclass(frozen=True)
class Embedded:
    """A transcript version whose excerpts have vectors, and how many they are."""

    version: TranscriptVersion
    language: str
    n_excerpts: int


def list_embedded(work: Work, wanted: Wanted) -> list[Embedded]:
    """List what the encoder that is wanted has encoded; no word of it is read."""
    with work.study.database.read() as connection:
        done = done_inputs(connection, EMBED)
        hashes, sizes = segmentation_hashes(connection), count_excerpts(connection)
        versions = list_versions(connection)
    found = []
    for version in versions:
        cut = version.segmentation_id
        if (version.interview, embed_input(hashes.get(cut), wanted.encoder)) in done:
            language = version.language or work.study.settings.language
            found.append(Embedded(version, language, sizes.get(cut, 0)))
    return found


def describe_codes(work: Work, wanted: Wanted, embedded: Sequence[Embedded]) -> Described:
    """Learn in each language spoken how similar excerpts usually are to each code."""
    codebook, spoken = wanted.codebook.codebook, sorted({each.language for each in embedded})
    arrays: dict[str, NDArray[Any]] = {}
    for number, language in enumerate(spoken):
        model = fit_similarity(
            _reader(work, wanted, embedded, language),
            _encode_parts(work, wanted, language),
            list_parts(codebook, language),
        )
        arrays |= pack_model(model, number)
    names = {language: name_texts(codebook, language) for language in spoken}
    return Described(arrays, names, sum(each.n_excerpts for each in embedded))


def describe_again(
    work: Work, wanted: Wanted, embedded: Sequence[Embedded], before: Described
) -> Described:
    """Learn what is usual for the codes whose texts are others than before; keep it of the rest.

    Args:
        before: Learnt with the same encoder, of every language spoken.
    """
    codebook = wanted.codebook.codebook
    arrays: dict[str, NDArray[Any]] = {}
    for number, language in enumerate(before.languages):
        model = renew_similarity(
            unpack_model(before.arrays, number),
            _reader(work, wanted, embedded, language),
            _encode_parts(work, wanted, language),
            list_parts(codebook, language),
            columns=_find_columns(before.names[language], name_texts(codebook, language)),
        )
        arrays |= pack_model(model, number)
    names = {language: name_texts(codebook, language) for language in before.languages}
    return Described(arrays, names, before.n_excerpts)


def name_texts(codebook: Codebook, language: str) -> Names:
    """Name what is said of each code in a language, in codebook order."""
    texts: dict[int, list[object]] = defaultdict(list)
    for part in list_parts(codebook, language):
        texts[part.code] += [part.kind, part.text]
    return [[code.guid, hash_parts(*texts[n])] for n, code in enumerate(codebook.codes)]


def _find_columns(before: Names, now: Names) -> list[int | None]:
    places = {tuple(each): place for place, each in enumerate(before)}
    return [places.get(tuple(each)) for each in now]


def _reader(
    work: Work, wanted: Wanted, embedded: Sequence[Embedded], language: str
) -> "partial[Iterator[FloatArray]]":
    spoken = [each for each in embedded if each.language == language]
    return partial(_read_chunks, work, wanted, spoken)


def _read_chunks(work: Work, wanted: Wanted, embedded: Sequence[Embedded]) -> Iterator[FloatArray]:
    cuts: list[int] = []
    n_excerpts = 0
    for number, each in enumerate(embedded, start=1):
        cuts.append(each.version.segmentation_id or 0)
        n_excerpts += each.n_excerpts
        if n_excerpts >= EXCERPTS_AT_ONCE or number == len(embedded):
            yield _read_cuts(work, wanted, cuts)
            cuts, n_excerpts = [], 0


def _read_cuts(work: Work, wanted: Wanted, cuts: list[int]) -> FloatArray:
    with work.study.database.read() as connection:
        return read_vectors_of_cuts(connection, _encoder_id(connection, wanted), cuts)


def _encode_parts(work: Work, wanted: Wanted, language: str) -> FloatArray:
    texts = [part.text for part in list_parts(wanted.codebook.codebook, language)]
    embed_texts(work, texts)
    with work.study.database.read() as connection:
        hashes = [hash_text(text) for text in texts]
        return read_vectors(connection, _encoder_id(connection, wanted), hashes)


def _encoder_id(connection: Connection, wanted: Wanted) -> int:
    return find_encoder(connection, wanted.encoder.name, wanted.encoder.revision) or 0
