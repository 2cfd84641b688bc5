"""Lays a classifier out as named arrays and plain facts, and reads it back; nothing is pickled."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.calibration import Curve, Shape
from models.choice import Choices, CodeChoice
from models.features import FeatureSpace, Wordings, place_in_talk
from models.labels import Labels
from models.probabilities import Calibration
from models.stored import StoredClassifier
from models.vocabulary import SparseRows, Vocabulary

Arrays = dict[str, NDArray[Any]]

PLAIN = (
    "ridge",
    "multinomial",
    "multinomial_bias",
    "is_learnt",
    "held_out",
    "word_weights",
    "excerpt_ids",
)
OF_SPACE = ("centre", "around_centre", "roles", "role_centres")
OF_LABELS = tuple(field.name for field in fields(Labels))
OF_SPARSE = ("data", "indices", "indptr")
TEXTS = ("words", "letters")
COMMON = "common"
CURVES = tuple(field.name for field in fields(Calibration) if field.name != COMMON)


def pack_classifier(stored: StoredClassifier) -> tuple[Arrays, dict[str, Any]]:
    """Lay a classifier out as arrays and facts; `unpack_classifier` gives it back."""
    arrays: Arrays = {name: getattr(stored, name) for name in PLAIN}
    arrays |= {f"space-{name}": getattr(stored.space, name) for name in OF_SPACE}
    arrays |= {f"label-{name}": getattr(stored.labels, name) for name in OF_LABELS}
    arrays |= {
        "excerpt-meaning": stored.features.meaning,
        "excerpt-interviews": stored.features.interviews,
        "excerpt-roles": stored.features.roles,
    }
    for name in TEXTS:
        vocabulary: Vocabulary = getattr(stored.space, name)
        rows = getattr(stored.features, name).tocsr()
        arrays |= {f"{name}-terms": vocabulary.terms, f"{name}-idf": vocabulary.idf}
        arrays |= {f"{name}-{part}": getattr(rows, part) for part in OF_SPARSE}
    return arrays, {
        "curves": {
            name: [asdict(curve) for curve in getattr(stored.calibration, name)] for name in CURVES
        },
        COMMON: asdict(stored.calibration.common),
        "shape": asdict(stored.choices.shape),
        "shared_threshold": _finite(stored.choices.shared_threshold),
        "choices": [_pack_choice(choice) for choice in stored.choices.codes],
    }


def unpack_classifier(
    arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]
) -> StoredClassifier:
    """Read a classifier from arrays and facts."""
    plain: dict[str, Any] = {name: arrays[f"space-{name}"] for name in OF_SPACE}
    plain |= {name: Vocabulary(arrays[f"{name}-terms"], arrays[f"{name}-idf"]) for name in TEXTS}
    space = FeatureSpace(**plain)
    wordings = Wordings(arrays["excerpt-meaning"], *(_sparse(arrays, name) for name in TEXTS))
    curves = {name: tuple(Curve(**each) for each in facts["curves"][name]) for name in CURVES}
    return StoredClassifier(
        space=space,
        features=place_in_talk(
            space, wordings, arrays["excerpt-interviews"], arrays["excerpt-roles"]
        ),
        labels=Labels(**{name: arrays[f"label-{name}"] for name in OF_LABELS}),
        **{name: arrays[name] for name in PLAIN},
        calibration=Calibration(**curves, common=Curve(**facts[COMMON])),
        choices=Choices(
            tuple(_unpack_choice(choice) for choice in facts["choices"]),
            Shape(**facts["shape"]),
            _maybe_infinite(facts["shared_threshold"]),
        ),
    )


def _pack_choice(choice: CodeChoice) -> dict[str, Any]:
    return asdict(choice) | {"threshold": _finite(choice.threshold)}


def _unpack_choice(facts: Mapping[str, Any]) -> CodeChoice:
    choice = CodeChoice(**facts)
    return replace(choice, threshold=_maybe_infinite(facts["threshold"]))


def _finite(threshold: float) -> float | None:
    # JSON has no infinity.
    return threshold if np.isfinite(threshold) else None


def _maybe_infinite(threshold: float | None) -> float:
    return float("inf") if threshold is None else threshold


def _sparse(arrays: Mapping[str, NDArray[Any]], name: str) -> SparseRows:
    from scipy.sparse import csr_array  # noqa: PLC0415  an idle run starts without it

    parts = tuple(arrays[f"{name}-{part}"] for part in OF_SPARSE)
    shape = (len(arrays["excerpt-meaning"]), len(arrays[f"{name}-terms"]))
    return csr_array(parts, shape=shape)
