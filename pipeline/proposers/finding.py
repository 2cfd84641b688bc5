"""Finds proposers by name among the installed packages' entry points."""

from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from threading import Lock
from typing import Any

from pipeline import embed
from pipeline.learning.roles import RoleNames
from pipeline.plan import OURS
from pipeline.proposers.calibrated import CALIBRATION, CalibratedProposer
from pipeline.proposers.protocol import Identified, MakeProposer, ModelParts, Proposer
from study.errors import StudyError
from study.folder import Study
from study.model_files import Arrays, load_model
from study.records import ModelVersion

GROUP = "themeloop.proposers"
# Several threads of a run may ask at once; one loads, the others wait.
_LOADING = Lock()


def find_proposer(name: str) -> MakeProposer:
    """Find what makes a proposer of this name.

    Raises:
        StudyError: No installed package has one.
    """
    found = list(entry_points(group=GROUP, name=name))
    if not found:
        known = ", ".join(sorted({each.name for each in entry_points(group=GROUP)}))
        raise StudyError(
            f"There is no proposer called '{name}'. Installed are: {known}. Name one of them as "
            "'proposer' in study.toml, or install the package that brings it."
        )
    make: MakeProposer = found[0].load()
    return make


def read_role_names(study: Study, model: ModelVersion) -> RoleNames:
    """Read by what a version tells speakers apart; one that has no need of it tells nobody."""
    return _read_role_names(study.folder / "models", model.sha256)


# Asked for once an interview; its arrays are read with it, as its name is a hash of them all.
@lru_cache(maxsize=4)
def _read_role_names(folder: Path, sha256: str) -> RoleNames:
    _, facts = load_model(folder, sha256)
    roles = facts.get("roles")
    return RoleNames(**roles) if roles else RoleNames(True, {})


def load_proposer(study: Study, model: ModelVersion) -> Proposer:
    """Make the proposer of a stored model version; the one used last is kept at hand."""
    with _LOADING:
        return _load(study, model.method, model.sha256)


# Unpacking what ten thousand excerpts taught takes seconds, and a run asks once an interview.
@lru_cache(maxsize=1)
def _load(study: Study, method: str, sha256: str) -> Proposer:
    arrays, facts = load_model(study.folder / "models", sha256)
    proposer = make_proposer(study, method, arrays, facts)
    if method not in OURS and CALIBRATION in facts:
        return CalibratedProposer(proposer, facts)
    return proposer


def identify_proposer(proposer: Proposer) -> dict[str, Any]:
    """Say what a proposer's scores come from."""
    return proposer.identify() if isinstance(proposer, Identified) else {}


def make_proposer(study: Study, name: str, arrays: Arrays, facts: dict[str, Any]) -> Proposer:
    """Make a proposer of arrays and facts that are not stored yet, or of a version's."""
    return find_proposer(name)(
        ModelParts(
            arrays=dict(arrays),
            facts=facts,
            settings=study.settings.model_dump(mode="json"),
            encode=lambda texts: embed.the_encoder(study.settings.encoder).encode(texts),
        )
    )
