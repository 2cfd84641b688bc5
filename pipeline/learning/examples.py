"""Lists what people coded so far, as examples for a proposer that wants some."""

from pipeline.proposers.protocol import CodedExample
from study.codings import read_names
from study.decisions import decisions_of, replay
from study.folder import Study
from study.tables import code
from study.transcripts import list_transcripts, read_excerpts


def list_examples(study: Study, *, without: frozenset[int]) -> list[CodedExample]:
    """List the excerpts that somebody finished, with the codes that anybody gave them.

    Args:
        without: Rows of interviews to leave out: what is proposed for must not teach itself.
    """
    found: list[CodedExample] = []
    with study.database.read() as connection:
        guids = read_names(connection, code, "guid")
        for transcript in list_transcripts(connection):
            if transcript.interview_id in without or transcript.segmentation_id is None:
                continue
            given: dict[int, set[str]] = {}
            for (excerpt_id, _), history in decisions_of(connection, transcript.id).items():
                state = replay(history)
                if state.is_done:
                    given.setdefault(excerpt_id, set()).update(guids[row] for row in state.given)
            found += [
                CodedExample(excerpt.text, tuple(sorted(given[excerpt.id])))
                for excerpt in read_excerpts(connection, transcript)
                if excerpt.id in given
            ]
    return found
