"""Codes and "none of them" as rivals: one model that learns which an excerpt rather has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.passages import IntArray
from models.vectors import FloatArray

N_COMPONENTS = 300
SPARE, PASSES = 60, 3
PENALTY = np.float32(1 / 6)
MOST_ITERATIONS = 25


@dataclass(frozen=True)
class Components:
    """Excerpts as points of few dimensions in which the kernel is nearly a dot product.

    points: (n, n_components).
    projection: (n, n_components) turns a row of the kernel into such a point.
    """

    points: FloatArray
    projection: FloatArray


def find_components(kernel: FloatArray, *, seed: int) -> Components:
    """Find the leading components of a kernel by subspace iteration.

    Source: Halko, Martinsson & Tropp 2011, doi:10.1137/090771806.
    """
    n = len(kernel)
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((n, min(n, N_COMPONENTS + SPARE))).astype(np.float32)
    for _ in range(PASSES):
        basis, _ = np.linalg.qr(kernel @ basis)
    values, vectors = np.linalg.eigh(basis.T @ (kernel @ basis))
    order = np.argsort(-values, kind="stable")[:N_COMPONENTS]
    order = order[values[order] > 1e-6 * values[order[0]]]
    scale = np.sqrt(np.trace(kernel, dtype=np.float64) / n).astype(np.float32)
    roots = np.sqrt(values[order]).astype(np.float32)
    directions = (basis @ vectors[:, order]).astype(np.float32)
    return Components(directions * (roots / scale), directions / (roots * scale))


def fit_multinomial(points: FloatArray, targets: FloatArray) -> FloatArray:
    """Fit the weights of codes and of none, (n_components + 1, n_codes + 1); the last row is bias.

    Args:
        targets: (n, n_codes) 0 to 1; an excerpt's codes share it evenly, one with less than one
            code in all is in part "none".
    """
    from scipy.optimize import minimize  # noqa: PLC0415  an idle run starts without it

    inputs = np.c_[points, np.ones(len(points), dtype=np.float32)]
    shares = _share(targets)
    usual = np.maximum(shares.mean(axis=0), 1e-4)
    # Weights of rare codes and of small components are stretched, so that few iterations do.
    curvature = (inputs * inputs).sum(axis=0)[:, None] * (usual * (1 - usual))[None]
    stretch = (1 / np.sqrt(PENALTY + curvature)).astype(np.float32)
    penalty = np.full((inputs.shape[1], 1), PENALTY, dtype=np.float32)
    penalty[-1] = 1e-3
    start = np.zeros(stretch.shape, dtype=np.float32)
    start[-1] = np.log(usual)

    def measure_loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(stretch.shape).astype(np.float32) * stretch
        logits = inputs @ weights
        chances, log_sum = _soften(logits)
        loss = -(shares * (logits - log_sum)).sum(dtype=np.float64)
        loss += 0.5 * (penalty * weights * weights).sum(dtype=np.float64)
        gradient = inputs.T @ (chances - shares) + penalty * weights
        return float(loss), (gradient * stretch).ravel().astype(np.float64)

    options: dict[str, Any] = {"maxiter": MOST_ITERATIONS, "maxcor": 8}
    found = minimize(
        measure_loss, (start / stretch).ravel(), jac=True, method="L-BFGS-B", options=options
    )
    weights: FloatArray = found.x.reshape(stretch.shape).astype(np.float32) * stretch
    return weights


def score_multinomial(points: FloatArray, weights: FloatArray) -> FloatArray:
    """Give each code's log-odds against all the others and none, (n, n_codes)."""
    return log_odds_of(points @ weights[:-1] + weights[-1])


def log_odds_of(logits: FloatArray) -> FloatArray:
    """Turn (n, n_codes + 1) logits, the last of "none", into each code's log-odds, (n, n_codes)."""
    chances, _ = _soften(logits)
    kept = np.clip(chances[:, :-1], 1e-6, 1 - 1e-6)
    log_odds: FloatArray = np.log(kept / (1 - kept)).astype(np.float32)
    return log_odds


def hold_out_multinomial(points: FloatArray, targets: FloatArray, folds: IntArray) -> FloatArray:
    """Score each fold by what the others teach, (n, n_codes) log-odds."""
    scores = np.zeros(targets.shape, dtype=np.float32)
    for fold in np.unique(folds):
        is_out = folds == fold
        if is_out.all():
            # With nobody else to learn from, no excerpt is likelier than another.
            continue
        weights = fit_multinomial(points[~is_out], targets[~is_out])
        scores[is_out] = score_multinomial(points[is_out], weights)
    return scores


def _share(targets: FloatArray) -> FloatArray:
    n_codes = targets.sum(axis=1, keepdims=True)
    none = np.maximum(1 - n_codes, 0)
    shares: FloatArray = np.concatenate([targets, none], axis=1) / np.maximum(n_codes, 1)
    return shares.astype(np.float32)


def _soften(logits: FloatArray) -> tuple[FloatArray, FloatArray]:
    highest = logits.max(axis=1, keepdims=True)
    powers = np.exp(logits - highest)
    total = powers.sum(axis=1, keepdims=True)
    return powers / total, highest + np.log(total)
