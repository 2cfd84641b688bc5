"""The command that says how well suggestions agree with people."""

from pathlib import Path
from typing import Any

import click

from pipeline.evaluate import FEWEST_POSITIVES, Evaluation, evaluate_suggestions
from study.folder import open_study
from themeloop.terminal import json_option, say, study_option

FIGURES = ("prevalence", "precision", "recall", "f1", "kappa", "alpha")
HEADINGS = ("prev.", "prec.", "recall", "F1", "κ", "α")


@click.command()
@study_option
@json_option
def evaluate(folder: Path, as_json: bool) -> None:
    """Compare suggestions with what people coded without seeing them."""
    evaluation = evaluate_suggestions(open_study(folder))
    say(as_json, as_figures(evaluation), as_table(evaluation))


def as_figures(evaluation: Evaluation) -> dict[str, Any]:
    """Lay an evaluation out for JSON; what is undefined is null."""
    human = evaluation.human
    return {
        "synthetic": evaluation.is_synthetic,
        "interviews": evaluation.n_interviews,
        "excerpts": evaluation.n_excerpts,
        "coders": evaluation.n_coders,
        "interviews_left_out": evaluation.n_waiting,
        "model": evaluation.model.sha256,
        "method": evaluation.model.method,
        "encoder": evaluation.model.encoder,
        "codebook_version": evaluation.codebook_version,
        "codes_measured": len(evaluation.measured),
        "macro": {name: evaluation.mean(name) for name in FIGURES},
        "human": human
        and {"kappa": human.kappa, "alpha": human.alpha, "excerpts": human.n_excerpts},
        "codes": [
            {"code": key, **vars(code)}
            for key, code in zip(evaluation.keys, evaluation.codes, strict=True)
        ],
    }


def as_table(evaluation: Evaluation) -> str:
    """Lay an evaluation out to be read."""
    width = max(len(key) for key in (*evaluation.keys, "mean over 99 codes"))
    head = f"{'code':<{width}} {'people':>7} {'machine':>8}"
    lines = [head + "".join(f"{heading:>8}" for heading in HEADINGS)]
    for key, code in zip(evaluation.keys, evaluation.codes, strict=True):
        row = f"{key:<{width}} {code.n_human:>7} {code.n_machine:>8}"
        lines.append(row + "".join(_cell(getattr(code, name)) for name in FIGURES))
    mean = f"{f'mean over {len(evaluation.measured)} codes':<{width}} {'':>7} {'':>8}"
    lines.append(mean + "".join(_cell(evaluation.mean(name)) for name in FIGURES))
    return "\n".join([*lines, "", *_footnotes(evaluation)])


def _cell(value: float | None) -> str:
    return f"{'–':>8}" if value is None else f"{value:>8.2f}"


def _footnotes(evaluation: Evaluation) -> list[str]:
    notes = [
        f"{evaluation.n_excerpts} excerpts of {evaluation.n_interviews} interviews, coded by "
        f"{evaluation.n_coders} coders without suggestions on the screen.",
        f"Suggestions by {evaluation.model.method} ({evaluation.model.encoder}), model "
        f"{evaluation.model.sha256[:12]}, codebook version {evaluation.codebook_version}.",
        f"Means are over codes that people gave to at least {FEWEST_POSITIVES} excerpts. The "
        "figures say nothing about other interviews.",
    ]
    if evaluation.human and evaluation.human.kappa is not None:
        alpha = evaluation.human.alpha
        notes.append(
            f"People with each other, on {evaluation.human.n_excerpts} excerpts: mean κ "
            f"{evaluation.human.kappa:.2f}" + (f", α {alpha:.2f}." if alpha is not None else ".")
        )
    if evaluation.n_waiting:
        notes.append(
            f"{evaluation.n_waiting} interviews have no suggestions yet and were left out. Run "
            "'themeloop suggest'."
        )
    if evaluation.is_synthetic:
        notes.append("SYNTHETIC: these interviews and codings are invented; the figures show form.")
    return notes
