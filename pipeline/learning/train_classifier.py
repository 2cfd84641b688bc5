"""Trains a classifier on a study's labels and judges it by participants held out."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.compared import compare_all
from models.contrasts import Pair, find_inseparable
from models.features import fit_features, make_features
from models.judging import judge
from models.labels import Labels
from models.levels import CHILDREN, find_grouping_codes, mark_grouping_codes
from models.packing import Arrays, pack_classifier
from models.stored import StoredClassifier, choose_thresholds_again, keep_classifier
from models.training import Trained, train
from models.vectors import FloatArray
from pipeline.choices import list_contrasts
from pipeline.describing import Described
from pipeline.fit import make_facts
from pipeline.learning.calibrating import score_by_any_rival
from pipeline.learning.candidate import Candidate
from pipeline.learning.material import LearningMaterial
from pipeline.learning.promotion import SEED, compare_held_out, decide
from pipeline.plan import CLASSIFIER, SIMILARITY, Wanted
from pipeline.proposers.classifier import list_parents
from pipeline.work import Work
from study.model_versions import TRAINED_ON
from study.records import ModelVersion
from study.registry import count_redactions
from study.settings import Settings

Floats = NDArray[np.float64]


def train_classifier(
    work: Work,
    wanted: Wanted,
    material: LearningMaterial,
    described: Described,
    *,
    similarity: FloatArray,
    rival: ModelVersion | None,
) -> Candidate:
    """Train a classifier, judge it on held-out groups, and compare it with what is in force."""
    study, labels = work.study, material.labels
    stored, trained = _fit(wanted, material, similarity, study.settings.generosity)
    own = labels.take(trained.rows)
    theirs = score_by_any_rival(study, wanted, rival, material, similarity)[trained.rows]
    is_described = rival is None or rival.method == SIMILARITY
    ours = _leave_described(stored, trained.chances, theirs) if is_described else trained.chances
    difference = compare_held_out(ours, theirs, own, trained.folds)
    is_better, reasons = decide(difference, [c.key for c in wanted.codebook.codebook.codes])
    separable = _find_separable(wanted, trained, own)
    arrays, facts = _pack(wanted, described, stored, separable, material, study.settings)
    with study.database.read() as connection:
        # Offsets of words in what is proposed again would else be those from before.
        facts["n_redactions"] = count_redactions(connection)
    return Candidate(
        method=CLASSIFIER,
        arrays=arrays,
        facts=facts,
        choices=stored.choices.codes,
        judgement=judge(
            trained.chances,
            trained.given,
            own,
            trained.folds,
            at_most=study.settings.n_suggestions,
        ),
        difference=difference,
        reasons=reasons,
        is_better=is_better,
    )


def _leave_described(stored: StoredClassifier, chances: Floats, theirs: Floats) -> Floats:
    """Take what is in force for the codes that the candidate leaves to their description, too."""
    left = [choice.method in (SIMILARITY, CHILDREN) for choice in stored.choices.codes]
    return np.where(np.array(left), theirs, chances)


def _fit(
    wanted: Wanted, material: LearningMaterial, similarity: FloatArray, generosity: float
) -> tuple[StoredClassifier, Trained]:
    labels = material.labels
    passages = replace(material.passages, interviews=material.interview_ids)
    space = fit_features(passages)
    features = make_features(space, passages)
    compared = compare_all(features, labels.groups, seed=SEED)
    trained = train(compared, labels, similarity, seed=SEED, generosity=generosity)
    stored = keep_classifier(
        trained, compared, space, features, labels, excerpt_ids=material.excerpt_ids
    )
    # From one source, whether trained or renewed: the same generosity gives the same thresholds.
    stored = choose_thresholds_again(stored, generosity=generosity)
    grouping = find_grouping_codes(stored.choices, list_parents(wanted.codebook.codebook))
    return replace(stored, choices=mark_grouping_codes(stored.choices, grouping)), trained


def _pack(
    wanted: Wanted,
    described: Described,
    stored: StoredClassifier,
    separable: tuple[Pair, ...],
    material: LearningMaterial,
    settings: Settings,
) -> tuple[Arrays, dict[str, Any]]:
    arrays, learnt = pack_classifier(stored)
    guids = [code.guid for code in wanted.codebook.codebook.codes]
    learnt_from = material.interview_ids[stored.is_learnt]
    facts = {
        **make_facts(wanted, described),
        **learnt,
        "method": CLASSIFIER,
        "codes": guids,
        "generosity": settings.generosity,
        "separable": [[guids[one], guids[other]] for one, other in separable],
        "roles": {"is_by_role": material.roles.is_by_role, "numbers": dict(material.roles.numbers)},
        TRAINED_ON: sorted({int(interview) for interview in learnt_from}),
    }
    return {**described.arrays, **arrays}, facts


def _find_separable(wanted: Wanted, trained: Trained, labels: Labels) -> tuple[Pair, ...]:
    pairs = list_contrasts(wanted.codebook.codebook)
    inseparable = find_inseparable(
        trained.chances, labels.has_code, labels.is_judged, pairs, groups=labels.groups
    )
    return tuple(pair for pair in pairs if pair not in inseparable)
