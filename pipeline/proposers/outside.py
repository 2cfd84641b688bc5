"""What a model version says of a proposer that is not ours, and what that scored before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.single_score import carry_calibration, pack_calibration, unpack_calibration
from pipeline.learning.roles import NUMBERED
from pipeline.plan import OURS, Wanted
from pipeline.proposers.calibrated import CALIBRATION, SEPARABLE
from pipeline.proposers.finding import identify_proposer, make_proposer
from study.errors import StudyError
from study.folder import Study
from study.model_files import Arrays, load_model
from study.model_versions import TRAINED_ON, list_models
from study.records import ModelVersion
from study.redaction import REDACTED
from study.suggestions import read_scores
from study.vectors import FloatArray

PROPOSER, CODES = "proposer", "codes"
# So that every proposer can be told who spoke; names of speakers are told to none.
BY_ROLE = {"is_by_role": True, "numbers": {role: number for number, role in enumerate(NUMBERED)}}
Facts = dict[str, Any]


@dataclass(frozen=True)
class Lineage:
    """Model versions whose scores are one another's: same proposer, same codebook."""

    method: str
    codebook_version_id: int
    identity: str


def describe_proposer(
    study: Study, wanted: Wanted, arrays: Arrays, facts: Facts, *, before: ModelVersion | None
) -> Facts:
    """Add to a version's facts which proposer it is of, and what its scores were found to mean.

    Args:
        before: The version in force; its calibration is taken over where the proposer is the same.
    """
    name = study.settings.proposer
    if name in OURS:
        return facts
    guids = [code.guid for code in wanted.codebook.codebook.codes]
    identity = identify_proposer(make_proposer(study, name, arrays, facts))
    made = {**facts, "method": name, PROPOSER: identity, CODES: guids, "roles": BY_ROLE}
    return made | _take_over(study, before, made)


def is_same_proposer(study: Study, arrays: Arrays, facts: Facts) -> bool:
    """Tell whether a version is of the proposer as it is now."""
    if facts["method"] in OURS:
        return True
    made = make_proposer(study, facts["method"], arrays, facts)
    return bool(identify_proposer(made) == facts[PROPOSER])


def name_lineage(model: ModelVersion, facts: Mapping[str, Any]) -> Lineage:
    """Name the versions whose scores are this one's."""
    return Lineage(model.method, model.codebook_version_id, _name_identity(facts))


def lineage_now(study: Study, wanted: Wanted, facts: Mapping[str, Any]) -> Lineage:
    """Name the versions whose scores are those of the proposer as it is now."""
    return Lineage(study.settings.proposer, wanted.codebook.id, _name_identity(facts))


def read_known_scores(study: Study, model: ModelVersion, segmentation_id: int) -> FloatArray | None:
    """Read what a version, or else one of its lineage, scored a cut; None where none did."""
    _, facts = load_model(study.folder / "models", model.sha256)
    versions = list_versions(study, name_lineage(model, facts))
    return read_scores_of(study, versions, segmentation_id)


def read_scores_of(study: Study, versions: list[int], segmentation_id: int) -> FloatArray | None:
    """Read the first scores of a cut that any of these versions gave."""
    with study.database.read() as connection:
        for version in versions:
            scores = read_scores(connection, segmentation_id, version)
            if scores is not None:
                return scores
    return None


def list_versions(study: Study, lineage: Lineage) -> list[int]:
    """List the versions of a lineage, newest first; what was scored before a redaction is none."""
    with study.database.read() as connection:
        models = list_models(connection)
    folder = study.folder / "models"
    return [
        model.id
        for model in reversed(models)
        if model.state != REDACTED
        and (model.method, model.codebook_version_id)
        == (lineage.method, lineage.codebook_version_id)
        and _read_identity(folder, model.sha256) == lineage.identity
    ]


@lru_cache(maxsize=256)
def _read_identity(folder: Path, sha256: str) -> str | None:
    try:
        return _name_identity(load_model(folder, sha256)[1])
    except StudyError:
        # What it scored cannot be told from another's without its files.
        return None


def _name_identity(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts.get(PROPOSER, {}), sort_keys=True)


def _take_over(study: Study, before: ModelVersion | None, facts: Facts) -> Facts:
    if before is None or before.method != facts["method"]:
        return {}
    try:
        _, known = load_model(study.folder / "models", before.sha256)
    except StudyError:
        # Its files are gone, as after a redaction: what they said is learnt anew.
        return {}
    if CALIBRATION not in known or _name_identity(known) != _name_identity(facts):
        return {}
    columns = {guid: place for place, guid in enumerate(known[CODES])}
    carried = carry_calibration(
        unpack_calibration(known[CALIBRATION]), [columns.get(guid) for guid in facts[CODES]]
    )
    return {
        CALIBRATION: pack_calibration(carried),
        SEPARABLE: known[SEPARABLE],
        TRAINED_ON: known[TRAINED_ON],
    }
