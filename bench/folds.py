"""Holds interviews out in folds, and writes down which interview fell into which."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.agreement import BoolArray
from models.folds import IntArray, make_folds
from study.errors import InputError


def hold_out_interviews(groups: Sequence[str], labels: BoolArray, *, seed: int) -> IntArray:
    """Give each excerpt its fold; arguments as in `make_folds`.

    Raises:
        InputError: There is one group only, so nothing can be held out.
    """
    try:
        return make_folds(groups, labels, seed=seed)
    except ValueError as error:
        raise InputError(
            [
                f"All {len(groups)} excerpts are of one interview or participant: none can be "
                "held out. Give at least two interviews, of different participants."
            ]
        ) from error


def write_folds(
    path: Path, interviews: Sequence[str], folds_by_seed: Mapping[int, IntArray]
) -> None:
    """Write one row an interview and seed: interview_id, seed, fold.

    Raises:
        InputError: The file cannot be written there.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["interview_id", "seed", "fold"])
    for seed, folds in folds_by_seed.items():
        fold_of = dict(zip(interviews, folds.tolist(), strict=True))
        writer.writerows([interview, seed, fold] for interview, fold in fold_of.items())
    try:
        path.write_text(lines.getvalue(), encoding="utf-8")
    except OSError as error:
        raise InputError(
            [f"{path}: cannot be written: {error.strerror}. Give another --folds file."]
        ) from error
