"""Keeps an evaluation as a report in the study, once for each state of its evidence."""

from dataclasses import dataclass, replace

from pipeline.work import Work
from study.evidence import hash_evidence
from study.reports import FOLDER, read_latest_evidence
from study.stance import may_show_agreement

REPORTED = "reported"


@dataclass(frozen=True)
class EvaluationSummary:
    """What an evaluation did, in counts: safe to log and to show in Prefect."""

    state: str
    n_excerpts: int = 0
    n_groups: int = 0
    n_codes_told: int = 0


def find_new_evidence(work: Work) -> str | None:
    """Name the evidence by its hash; None where the newest report is made of the same."""
    if not may_show_agreement(work.study.settings.stance):
        return None
    with work.study.database.read() as connection:
        evidence = hash_evidence(connection)
    known = read_latest_evidence(work.study)
    return None if known == evidence else evidence


def write_evaluation(work: Work, evidence: str) -> EvaluationSummary:
    """Evaluate, and write the report into the study; give its counts."""
    # Not needed by a run that finds nothing new.
    from pipeline.evaluate import NothingToCompareError, evaluate_agreement  # noqa: PLC0415
    from pipeline.evaluation.report import write_report  # noqa: PLC0415

    study = work.study
    try:
        evaluation = evaluate_agreement(study, now=work.clock())
    except NothingToCompareError:
        return EvaluationSummary("nothing to compare")
    named = replace(evaluation, evidence=evidence)
    write_report(named, study.folder / FOLDER, study_name=study.settings.name)
    return EvaluationSummary(
        REPORTED,
        n_excerpts=evaluation.headline.n_excerpts,
        n_groups=evaluation.headline.n_groups,
        n_codes_told=evaluation.headline.comparison.pooled.n_codes,
    )
