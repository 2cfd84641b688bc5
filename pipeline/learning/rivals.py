"""What the version in force says of excerpts that it has not learnt from, to compare with."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.packing import unpack_classifier
from models.stored import StoredClassifier, propose
from models.vectors import FloatArray
from pipeline.learning.material import LearningMaterial
from pipeline.plan import CLASSIFIER, Wanted
from pipeline.proposers.classifier import NO_GROUP
from study.folder import Study
from study.model_files import load_model
from study.records import ModelVersion

Floats = NDArray[np.float64]


def score_by_rival(
    study: Study,
    wanted: Wanted,
    model: ModelVersion | None,
    material: LearningMaterial,
    similarity: FloatArray,
) -> Floats:
    """Score the excerpts by the version in force, (n_excerpts, n_codes); nan where it cannot.

    What a classifier has learnt from it is asked as its own folds were: what those said is kept
    with it. Similarity, and a codebook's new codes, learn nothing and can be asked anywhere.
    """
    if model is None or model.method != CLASSIFIER:
        return similarity.astype(np.float64)
    arrays, facts = load_model(study.folder / "models", model.sha256)
    stored = unpack_classifier(arrays, facts)
    columns = {guid: place for place, guid in enumerate(facts["codes"])}
    places = [columns.get(code.guid) for code in wanted.codebook.codebook.codes]
    theirs = _put_in_columns(similarity, places, len(facts["codes"]))
    said = _held_out(stored, material, theirs)
    if np.isnan(said).all():
        # As after a new cut: of none of these excerpts it ever said anything that can be compared.
        return similarity.astype(np.float64)
    scores = np.full(similarity.shape, np.nan)
    for place, column in enumerate(places):
        if column is not None:
            scores[:, place] = said[:, column]
    return scores


def _put_in_columns(similarity: FloatArray, places: list[int | None], n_codes: int) -> FloatArray:
    theirs = np.zeros((len(similarity), n_codes), dtype=np.float32)
    for place, column in enumerate(places):
        if column is not None:
            theirs[:, column] = similarity[:, place]
    return theirs


def _held_out(
    stored: StoredClassifier, material: LearningMaterial, similarity: FloatArray
) -> Floats:
    kept: Mapping[int, int] = {int(excerpt): row for row, excerpt in enumerate(stored.excerpt_ids)}
    said = np.full(similarity.shape, np.nan)
    learnt_groups = _groups_learnt(stored, material)
    for interview in np.unique(material.interview_ids):
        rows = np.flatnonzero(material.interview_ids == interview)
        if int(material.labels.groups[rows[0]]) in learnt_groups:
            known = [
                (row, kept[int(material.excerpt_ids[row])])
                for row in rows
                if int(material.excerpt_ids[row]) in kept
            ]
            for row, other in known:
                said[row] = stored.held_out[other]
            continue
        passages = material.passages.take(rows)
        passages = replace(passages, interviews=np.zeros(len(rows), dtype=np.int64))
        said[rows] = propose(stored, passages, similarity[rows], group=NO_GROUP).chances
    return said


def _groups_learnt(stored: StoredClassifier, material: LearningMaterial) -> frozenset[int]:
    """Find today's groups of the interviews that it has learnt from."""
    learnt = frozenset(stored.features.interviews[stored.is_learnt].tolist())
    rows = np.isin(material.interview_ids, sorted(learnt))
    return frozenset(material.labels.groups[rows].tolist())
