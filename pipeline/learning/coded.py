"""Reads interviews whole, coded or not, with all that people and models said of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluation.material import InterviewMaterial
from pipeline.learning.codes import CodesNow
from study.codebooks import current_codebook, read_merging
from study.coded_work import FinishedWork, read_cases, read_finished_work
from study.draws import drawn_excerpts
from study.folder import Study
from study.model_versions import read_suggested
from study.records import Excerpt, Turn
from study.standing_work import StandingWork, read_standing_work
from study.transcripts import list_transcripts, read_excerpts, read_turns
from study.vectors import FloatArray, read_vectors

Shown = Mapping[tuple[int, int], frozenset[int]]


@dataclass(frozen=True)
class Coded:
    """One interview with what was said of its excerpts, in codes of the codebook as it stands.

    interview: Its excerpts and finished work; of model versions those on coders' pages only.
    vectors: (n_excerpts, dim), one of each excerpt.
    standing: By (coder, excerpt), where each coder stands.
    shown: By (model version, excerpt), the codes that a page of that version proposes.
    """

    interview: InterviewMaterial
    vectors: FloatArray
    turns: tuple[Turn, ...]
    standing: Mapping[tuple[str, int], StandingWork]
    shown: Shown

    def list_shown(self, work: FinishedWork) -> frozenset[int] | None:
        """Give the codes that the page of this work proposes; None where nobody can say.

        That is so of work away from the page, and of work on another cut than the study's.
        """
        if work.model_id is None:
            return None
        return self.shown.get((work.model_id, work.excerpt_id))


def read_coded(study: Study, encoder_id: int) -> tuple[CodesNow, list[Coded]]:
    """Read, in one transaction, the interviews of which every excerpt has a vector.

    Raises:
        StudyError: The study has no codebook.
    """
    coded: list[Coded] = []
    with study.database.read() as connection:
        rows = tuple(current_codebook(connection).code_ids.values())
        codes = CodesNow(rows, read_merging(connection))
        cases = read_cases(connection)
        for transcript in list_transcripts(connection):
            excerpts = read_excerpts(connection, transcript)
            hashes = [excerpt.text_hash for excerpt in excerpts]
            try:
                vectors = read_vectors(connection, encoder_id, hashes)
            except KeyError:
                # Not embedded yet, or not since a redaction; of half an interview nothing is
                # learnt, for what stands around an excerpt is part of it.
                continue
            if transcript.segmentation_id is None or not excerpts:
                continue
            work = [
                codes.move_finished(each) for each in read_finished_work(connection, transcript)
            ]
            models = {each.model_id for each in work if each.model_id is not None}
            suggested = read_suggested(connection, transcript.segmentation_id, models)
            standing = [codes.move_standing(e) for e in read_standing_work(connection, transcript)]
            interview = InterviewMaterial(
                transcript=transcript,
                case=cases[transcript.interview_id],
                excerpts=tuple(excerpts),
                work=tuple(work),
                suggested=suggested,
                fit_models=frozenset(),
                headline=None,
                n_drawn=len(drawn_excerpts(connection, transcript.interview_id)),
            )
            coded.append(
                Coded(
                    interview=interview,
                    vectors=vectors,
                    turns=tuple(read_turns(connection, transcript.id)),
                    standing={(each.coder, each.excerpt_id): each for each in standing},
                    shown=_list_shown(codes, excerpts, suggested),
                )
            )
    return codes, coded


def _list_shown(
    codes: CodesNow,
    excerpts: Sequence[Excerpt],
    suggested: Mapping[int, Iterable[tuple[int, int]]],
) -> Shown:
    shown: dict[tuple[int, int], set[int]] = defaultdict(set)
    for model_id, pairs in suggested.items():
        for excerpt in excerpts:
            shown[model_id, excerpt.id] = set()
        for excerpt_id, code_id in pairs:
            shown[model_id, excerpt_id].add(code_id)
    return {place: codes.move(proposed) for place, proposed in shown.items()}
