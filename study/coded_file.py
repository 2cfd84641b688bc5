"""Takes coded interviews into the study in one transaction: all of a file, or nothing of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from codebook.records import Codebook
from study.codebooks import current_codebook, store_codebook
from study.codings import PlacedCoding, read_standing, store_codings
from study.cuts import publish_segmentation, store_segmentation
from study.errors import InputError
from study.folder import Study
from study.inbox_files import is_from_file
from study.proposed_codes import read_counted_keys
from study.records import CodedInterview, Span, Transcript
from study.transcripts import (
    GIVEN,
    find_source,
    join_excerpts,
    list_transcripts,
    read_given,
    store_interview,
)

# Finds a coded file's excerpts in a transcript that was read from another file.
Place = Callable[[Transcript, CodedInterview], Sequence[Span]]
# Not None: a coder may have taken an excerpt of an earlier file up again.
NOTHING = object()


@dataclass(frozen=True)
class TakenIn:
    """What a file brought that the study did not have; codes_gone the codebook no longer has."""

    n_interviews: int
    n_excerpts: int
    n_codings: int
    n_coders: int
    n_known: int
    codebook_version: int
    codes_gone: tuple[str, ...]


def take_in(
    study: Study,
    interviews: Sequence[CodedInterview],
    codebook: Codebook,
    *,
    is_segmenting: bool,
    now: datetime,
    place: Place | None = None,
) -> TakenIn:
    """Store a codebook and coded interviews; what is known already is left as it is.

    Args:
        is_segmenting: Leave it to the pipeline to cut the transcripts; codings keep their spans.
        place: What finds the excerpts in an interview that came from a transcript file.

    Raises:
        InputError: An interview is known with other words, or a coder with other codes.
    """
    with study.database.write() as connection:
        before = set(read_counted_keys(connection).values())
        store_codebook(connection, codebook, now=now)
        version = current_codebook(connection)
        code_ids = {code.key: version.code_ids[code.guid] for code in version.codebook.codes}
        if place is not None:
            _place_cuts(connection, interviews, place, now)
        new = [interview for interview in interviews if not _is_known(study, connection, interview)]
        for interview in new:
            _store(study, connection, interview, is_segmenting, now)
        placed = _place(connection, interviews)
        store_codings(connection, placed, code_ids=code_ids, now=now)
    return TakenIn(
        n_interviews=len(new),
        n_excerpts=sum(len(interview.excerpts) for interview in new),
        n_codings=sum(len(item.coding.keys) for item in placed),
        n_coders=len({item.coding.coder for item in placed}),
        n_known=len(interviews) - len(new),
        codebook_version=version.number,
        codes_gone=tuple(sorted(before - set(code_ids))),
    )


def _place_cuts(
    connection: sa.Connection, interviews: Sequence[CodedInterview], place: Place, now: datetime
) -> None:
    transcripts = {each.interview: each for each in list_transcripts(connection)}
    for interview in interviews:
        transcript = transcripts.get(interview.label)
        if transcript is None or not is_from_file(connection, interview.label):
            continue
        given = {excerpt.label: excerpt for excerpt in read_given(connection, transcript)}
        unknown = [each.label for each in interview.excerpts if each.label not in given]
        if given and unknown:
            raise InputError(
                [
                    f"interview '{interview.label}' has coded excerpts already, and "
                    f"{len(unknown)} of the file's are not among them. Import one cut of it only."
                ]
            )
        if not given:
            store_segmentation(
                connection,
                transcript.id,
                method=GIVEN,
                labels=[excerpt.label for excerpt in interview.excerpts],
                positions=[excerpt.position for excerpt in interview.excerpts],
                spans=place(transcript, interview),
                now=now,
            )


def _is_known(study: Study, connection: sa.Connection, interview: CodedInterview) -> bool:
    known = find_source(connection, interview.label)
    if known is None:
        return False
    if is_from_file(connection, interview.label):
        return True
    if known != study.keyed_hash(repr(interview.excerpts)):
        raise InputError(
            [
                f"Interview '{interview.label}' is in the study with other excerpts. Give the "
                "changed interview another id, or import it into a new study."
            ]
        )
    return True


def _store(
    study: Study,
    connection: sa.Connection,
    interview: CodedInterview,
    is_segmenting: bool,
    now: datetime,
) -> None:
    source_hash = study.keyed_hash(repr(interview.excerpts))
    _, version_id = store_interview(connection, interview, source_hash=source_hash, now=now)
    _, spans = join_excerpts(interview.excerpts)
    store_segmentation(
        connection,
        version_id,
        method=GIVEN,
        labels=[excerpt.label for excerpt in interview.excerpts],
        positions=[excerpt.position for excerpt in interview.excerpts],
        spans=spans,
        now=now,
    )
    if not is_segmenting:
        publish_segmentation(connection, version_id, GIVEN)


def _place(connection: sa.Connection, interviews: Sequence[CodedInterview]) -> list[PlacedCoding]:
    labels = {interview.label: interview for interview in interviews}
    placed: list[PlacedCoding] = []
    offenders: list[str] = []
    for transcript in list_transcripts(connection):
        if transcript.interview in labels:
            fresh, clashes = _sift(connection, transcript, labels[transcript.interview])
            placed += fresh
            offenders += clashes
    if offenders:
        raise InputError(offenders)
    return sorted(placed, key=lambda item: item.coding.line)


def _sift(
    connection: sa.Connection, transcript: Transcript, interview: CodedInterview
) -> tuple[list[PlacedCoding], list[str]]:
    excerpts = {excerpt.label: excerpt for excerpt in read_given(connection, transcript)}
    standing = read_standing(connection, transcript.id)
    fresh, clashes = [], []
    for coding in interview.codings:
        excerpt = excerpts[coding.excerpt_label]
        known = standing.get((excerpt.id, coding.coder), NOTHING)
        if known is NOTHING:
            fresh.append(PlacedCoding(coding, excerpt, transcript.interview, transcript.id))
        elif known != frozenset(coding.keys):
            clashes.append(
                f"line {coding.line}: coder '{coding.coder}' coded excerpt "
                f"'{coding.excerpt_label}' otherwise in the study. Change it on the page, or "
                "import into a new study."
            )
    return fresh, clashes
