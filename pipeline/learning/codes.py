"""Says of codes as they were given what they are in the codebook as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.evaluation.material import merge_given
from study.coded_work import FinishedWork
from study.merging import Merging
from study.standing_work import StandingWork


@dataclass(frozen=True)
class CodesNow:
    """The current codes by row, in the codebook's order, and what became of others."""

    rows: tuple[int, ...]
    merging: Merging

    @property
    def columns(self) -> dict[int, int]:
        """The place of each current code, by its row."""
        return {code_id: place for place, code_id in enumerate(self.rows)}

    def move(self, codes: Iterable[int]) -> frozenset[int]:
        """Give the current codes that these count for; codes that are no more are left out."""
        into = self.merging.into
        return frozenset(into.get(code_id, code_id) for code_id in codes) & frozenset(self.rows)

    def move_finished(self, work: FinishedWork) -> FinishedWork:
        """Give finished work in current codes, by the rule that agreement is counted by."""
        moved, rows = merge_given(work, self.merging), frozenset(self.rows)
        return replace(moved, given=moved.given & rows, judged=moved.judged & rows)

    def move_standing(self, work: StandingWork) -> StandingWork:
        """Give standing work in current codes; what was given goes before what was left off."""
        given = self.move(work.given)
        return replace(
            work,
            given=given,
            rejected=self.move(work.rejected) - given,
            left_off=self.move(work.left_off) - given,
        )
