"""Learns what another proposer's scores mean from coders' decisions, and judges it as ours."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.choice import CodeChoice
from models.contrasts import Pair, find_inseparable
from models.judging import FEWEST_TOLD, judge, list_told
from models.labels import Labels
from models.single_score import (
    CalibratedScores,
    calibrate_by_folds,
    keep_scored,
    pack_calibration,
)
from models.vectors import FloatArray
from pipeline.choices import list_contrasts
from pipeline.describing import Described
from pipeline.fit import make_facts
from pipeline.learning.candidate import Candidate
from pipeline.learning.material import LearningMaterial
from pipeline.learning.promotion import SEED, compare_held_out, decide
from pipeline.learning.rivals import score_by_rival
from pipeline.plan import OURS, Wanted
from pipeline.proposers.calibrated import CALIBRATION, SEPARABLE
from pipeline.proposers.outside import (
    Lineage,
    describe_proposer,
    lineage_now,
    list_versions,
    name_lineage,
    read_scores_of,
)
from pipeline.work import Work
from study.folder import Study
from study.model_files import load_model
from study.model_versions import TRAINED_ON
from study.records import ModelVersion

Floats = NDArray[np.float64]

FEWEST_GROUPS = 2


def calibrate_proposer(
    work: Work,
    wanted: Wanted,
    material: LearningMaterial,
    described: Described,
    *,
    similarity: FloatArray,
    rival: ModelVersion | None,
) -> Candidate | str:
    """Learn curves and thresholds from the proposer's stored scores; or say why that cannot be.

    Args:
        similarity: (n_excerpts, n_codes) what the codebook's words say, to compare with.
        rival: The version in force.
    """
    study = work.study
    facts = describe_proposer(
        study, wanted, described.arrays, make_facts(wanted, described), before=None
    )
    raw, n_unread = read_raw_scores(study, material, lineage_now(study, wanted, facts))
    too_little = find_too_little(study.settings.proposer, keep_scored(material.labels, raw))
    if too_little:
        return too_little
    generosity = study.settings.generosity
    calibrated = calibrate_by_folds(raw, material.labels, seed=SEED, generosity=generosity)
    own = keep_scored(material.labels, raw).take(calibrated.rows)
    theirs = score_by_any_rival(study, wanted, rival, material, similarity)[calibrated.rows]
    difference = compare_held_out(calibrated.chances, theirs, own, calibrated.folds)
    codes = wanted.codebook.codebook.codes
    is_better, reasons = decide(difference, [code.key for code in codes])
    return Candidate(
        method=study.settings.proposer,
        arrays=described.arrays,
        facts=facts | _tell_learnt(wanted, material, calibrated, own),
        choices=_name_method(calibrated, study.settings.proposer),
        judgement=judge(
            calibrated.chances,
            calibrated.given,
            own,
            calibrated.folds,
            at_most=work.study.settings.n_suggestions,
        ),
        difference=difference,
        reasons=reasons,
        is_better=is_better,
        n_unread=n_unread,
    )


def read_raw_scores(
    study: Study, material: LearningMaterial, lineage: Lineage
) -> tuple[Floats, int]:
    """Read what a lineage scored, (n_excerpts, n_codes), and of how many excerpts it gave nothing.

    What nobody asked it about is nan, too, and not counted.
    """
    raw: Floats = np.full(material.labels.targets.shape, np.nan)
    n_unread = 0
    versions = list_versions(study, lineage)
    for segmentation_id in np.unique(material.segmentation_ids):
        rows = np.flatnonzero(material.segmentation_ids == segmentation_id)
        scores = read_scores_of(study, versions, int(segmentation_id))
        if scores is not None and scores.shape == raw[rows].shape:
            raw[rows] = scores
            n_unread += int(np.isnan(scores).all(axis=1).sum())
    return raw, n_unread


def score_by_any_rival(
    study: Study,
    wanted: Wanted,
    model: ModelVersion | None,
    material: LearningMaterial,
    similarity: FloatArray,
) -> Floats:
    """Score the excerpts by the version in force, whosever it is; nan where it cannot."""
    if model is None or model.method in OURS:
        return score_by_rival(study, wanted, model, material, similarity)
    _, facts = load_model(study.folder / "models", model.sha256)
    return read_raw_scores(study, material, name_lineage(model, facts))[0]


def find_too_little(name: str, labels: Labels) -> str:
    """Say why nothing can be learnt of a proposer's scores; empty where something can."""
    judged = labels.is_judged.any(axis=1)
    if not judged.any():
        return (
            f"'{name}' has scored no excerpt yet that can be judged: run 'themeloop suggest' first"
        )
    if len(np.unique(labels.groups[judged])) < FEWEST_GROUPS:
        return f"what can be judged of '{name}' is of one participant: code another interview"
    if not list_told(labels):
        return f"no code was given to {FEWEST_TOLD} excerpts that '{name}' has scored"
    return ""


def _tell_learnt(
    wanted: Wanted, material: LearningMaterial, calibrated: CalibratedScores, own: Labels
) -> dict[str, Any]:
    guids = [code.guid for code in wanted.codebook.codebook.codes]
    learnt = material.interview_ids[calibrated.rows]
    return {
        CALIBRATION: pack_calibration(calibrated.calibration),
        SEPARABLE: [
            [guids[one], guids[other]] for one, other in _find_separable(wanted, calibrated, own)
        ],
        TRAINED_ON: sorted({int(each) for each in learnt}),
    }


def _find_separable(
    wanted: Wanted, calibrated: CalibratedScores, labels: Labels
) -> tuple[Pair, ...]:
    pairs = list_contrasts(wanted.codebook.codebook)
    inseparable = find_inseparable(
        calibrated.chances, labels.has_code, labels.is_judged, pairs, groups=labels.groups
    )
    return tuple(pair for pair in pairs if pair not in inseparable)


def _name_method(calibrated: CalibratedScores, name: str) -> tuple[CodeChoice, ...]:
    reason = f"'{name}' scores it; decisions said what the scores mean"
    return tuple(
        # Where nothing could be compared the reason says how few excerpts have the code.
        replace(choice, method=name, reason=reason if choice.precision else choice.reason)
        for choice in calibrated.choices.codes
    )
