"""Lists what people coded so far, as examples for a proposer that wants some."""

from pipeline.learning.codes import CodesNow
from pipeline.proposers.protocol import CodedExample
from study.codebooks import current_codebook, read_merging
from study.decisions import decisions_of
from study.excerpt_state import replay
from study.folder import Study
from study.transcripts import list_transcripts, read_excerpts


def list_examples(study: Study, *, without: frozenset[int]) -> list[CodedExample]:
    """List the excerpts that somebody finished, with the codes that anybody gave them.

    Args:
        without: Rows of interviews to leave out: what is proposed for must not teach itself.
    """
    found: list[CodedExample] = []
    with study.database.read() as connection:
        version = current_codebook(connection)
        guids = {row: guid for guid, row in version.code_ids.items()}
        codes = CodesNow(tuple(guids), read_merging(connection))
        for transcript in list_transcripts(connection):
            if transcript.interview_id in without or transcript.segmentation_id is None:
                continue
            given: dict[int, set[str]] = {}
            for (excerpt_id, _), history in decisions_of(connection, transcript.id).items():
                state = replay(history)
                if state.is_done:
                    now = codes.move(state.given)
                    given.setdefault(excerpt_id, set()).update(guids[row] for row in now)
            found += [
                CodedExample(excerpt.text, tuple(sorted(given[excerpt.id])))
                for excerpt in read_excerpts(connection, transcript)
                if excerpt.id in given
            ]
    return found
