"""When there is enough to learn from, and what learning came to."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.plan import SIMILARITY
from pipeline.run import BUSY, BusyError, open_work
from pipeline.work import Work
from study.ledger import count_failures, finish_run
from study.model_versions import count_learnt_decisions
from study.registry import count_decisions
from study.suggestions import count_of_run

if TYPE_CHECKING:
    from pipeline.learning.learn import Learnt

NOTHING_NEW, TOO_LITTLE, KEPT_BACK, PROMOTED = "nothing new", "too little", "kept back", "promoted"


@dataclass(frozen=True)
class LearnSummary:
    """What learning did, in counts; n_judged and n_groups are of what the candidate was judged by.

    reason: Why it was promoted or kept back; names codes, and is not for logs.
    """

    state: str
    run_id: int | None = None
    model_id: int | None = None
    n_judged: int = 0
    n_groups: int = 0
    n_interviews: int = 0
    n_suggestions: int = 0
    n_set_aside: int = 0
    reason: str = ""


def find_new_decisions(work: Work) -> int:
    """Count the decisions since the last training; 0 where there are too few to learn again."""
    study = work.study
    if study.settings.proposer == SIMILARITY:
        return 0
    with study.database.read() as connection:
        n_new = count_decisions(connection) - count_learnt_decisions(connection)
    return n_new if n_new >= study.settings.learn_after_decisions else 0


def train_and_judge(work: Work) -> "Learnt":
    """Train a candidate, judge it, and put it in force where it is better."""
    # Not needed by a run that finds nothing new.
    from pipeline.learning.learn import learn_from_labels  # noqa: PLC0415

    return learn_from_labels(work)


def close_learning(work: Work, learnt: "Learnt", queued: list[int]) -> LearnSummary:
    """Close the run with what came of it."""
    judged = PROMOTED if learnt.is_promoted else KEPT_BACK
    with work.study.database.write() as connection:
        summary = LearnSummary(
            state=TOO_LITTLE if learnt.model_id is None else judged,
            run_id=work.run_id,
            model_id=learnt.model_id,
            n_judged=learnt.n_judged,
            n_groups=learnt.n_groups,
            n_interviews=len(queued),
            n_suggestions=count_of_run(connection, work.run_id),
            n_set_aside=count_failures(connection, work.run_id),
            reason=learnt.reason,
        )
        counts = count_only(summary)
        finish_run(connection, work.run_id, state="finished", counts=counts, now=work.clock())
    return summary


def count_only(summary: LearnSummary) -> dict[str, object]:
    """Give a summary without its reason."""
    return {name: value for name, value in asdict(summary).items() if name != "reason"}


def learn_if_free(
    folder: Path, learn: Callable[[Work], LearnSummary], *, flow_run_id: str | None = None
) -> LearnSummary:
    """Learn from a study's decisions; where another run holds it, nothing is done."""
    try:
        with open_work(folder, flow_run_id=flow_run_id) as work:
            return learn(work)
    except BusyError:
        return LearnSummary(BUSY)
