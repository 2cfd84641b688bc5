"""Rounds figures the same way in every form that an evaluation is written in."""

import math

# Finer than any figure here is sure.
N_DIGITS = 6


def round_figure(value: float | None) -> float | None:
    """Round a figure; None where it is none, or is no number that JSON knows."""
    if value is None or not math.isfinite(value):
        return None
    # What lies just below 0 is no minus 0.
    return round(float(value), N_DIGITS) + 0.0
