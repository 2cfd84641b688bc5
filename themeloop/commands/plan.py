"""The command that tells how many blind excerpts agreement needs, and sets how many are drawn."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from models.agreement.figures import FEWEST_PARTICIPANTS
from models.intervals import FEWEST_GROUPS
from models.planning import CLUSTERING, Need, Outlook, count
from study.errors import StudyError
from study.folder import SETTINGS_FILE, Study, open_study
from study.stance import may_show_agreement
from themeloop.planned import (
    Plan,
    Question,
    as_figures,
    describe_settled,
    find_rate,
    make_plan,
    set_rate,
    tell_share,
)
from themeloop.terminal import json_option, say, study_option

Numbers = tuple[float, ...]
Callback = Callable[[click.Context, click.Parameter, str | None], Numbers | None]
REFLEXIVE = (
    "This study's stance is reflexive: the researcher's own reading leads, so agreement is not "
    "planned. Nothing was set."
)
STAMP = "SYNTHETIC: the interviews are invented."
NOT_WITH = "'Not with': at this clustering so few people leave it wider, however many excerpts."
NOT_ENOUGH = "'All are not enough': it takes more excerpts than there will be."
NOBODY = "A code that nobody gives, or that everybody always gives, has no agreement to plan."
ALIKE = "Coders who never differ leave no interval to plan."
TOO_FEW = (
    f"A figure takes {FEWEST_PARTICIPANTS} participants and an interval {FEWEST_GROUPS} (or "
    "families)."
)


def numbers(
    low: float, high: float, why: str = "", *, sep: str = ",", n: int | None = None
) -> Callback:
    """Make what reads an option's numbers, such as .05 or 5%, within bounds and parted by sep."""

    def read_all(_: click.Context, option: click.Parameter, said: str | None) -> Numbers | None:
        if said is None:
            return None
        parts = [part.strip() for part in said.split(sep)]
        if n not in (None, len(parts)):
            raise click.BadParameter(f"'{said}' is not of the form {option.metavar}.")
        read = [_read_number(part) for part in parts]
        # Written so that nan is refused, too.
        if wrong := [
            part for part, number in zip(parts, read, strict=True) if not low <= number <= high
        ]:
            raise click.BadParameter(
                f"{', '.join(wrong)}: not from {low:g} to {high:g}. {why}".rstrip()
            )
        return tuple(read)

    return read_all


@click.command()
@study_option
@click.option("--interviews", type=click.IntRange(1, 10**5), help="How many there will be in all.")
@click.option("--excerpts", type=click.IntRange(1, 10**5), help="How many an interview will have.")
@click.option(
    "--prevalence",
    "prevalences",
    metavar="SHARE,…",
    default=".02,.05,.1,.2",
    callback=numbers(0.001, 0.999, NOBODY),
    help="Shares of excerpts that codes are given to (default: .02,.05,.1,.2).",
)
@click.option(
    "--width",
    "half_widths",
    metavar="HALF,…",
    default=".1,.15,.2",
    callback=numbers(0.01, 0.99),
    help="Half-widths of 95% intervals of κ (default: .1,.15,.2).",
)
@click.option(
    "--kappa",
    "kappas",
    metavar="κ",
    default=".6",
    callback=numbers(0, 0.99, ALIKE, n=1),
    help="The κ that is expected (default: .6).",
)
@click.option(
    "--clustering",
    "clusterings",
    metavar="SHARE",
    default=str(CLUSTERING),
    callback=numbers(0, 1, n=1),
    help=f"How alike agreement is within a participant, 0 to 1 (default: {CLUSTERING}).",
)
@click.option(
    "--set",
    "rates",
    metavar="RATE",
    callback=numbers(0, 1, n=1),
    help="Write this blind_rate to study.toml.",
)
@click.option(
    "--set-for",
    "target",
    metavar="SHARE:HALF",
    callback=numbers(0.01, 0.99, sep=":", n=2),
    help="Write the blind_rate that one cell needs; .1:.15 is κ ± .15 of a code given to 10%.",
)
@json_option
def plan(
    folder: Path,
    interviews: int | None,
    excerpts: int | None,
    rates: Numbers | None,
    target: Numbers | None,
    as_json: bool,
    **asked: Numbers,
) -> None:
    """Tell how many excerpts two coders must code blind, before anybody codes."""
    if rates and target:
        raise click.UsageError("--set and --set-for say one thing in two ways. Use one of them.")
    is_sized = bool(interviews and excerpts and not rates and not target)
    study = find_study(folder, is_needed=not is_sized)
    if study is not None and not may_show_agreement(study.settings.stance):
        study.database.close()
        say(as_json, {"stance": study.settings.stance, "why": REFLEXIVE}, REFLEXIVE)
        return
    question = Question(
        asked["kappas"][0], asked["prevalences"], asked["half_widths"], asked["clusterings"][0]
    )
    planned = make_plan(study, question, interviews=interviews, excerpts=excerpts)
    rate = find_rate(planned, *target) if target else rates[0] if rates else None
    notes = []
    if study is not None:
        study.database.close()
        notes += [STAMP] if study.settings.is_synthetic else []
        if rate is not None:
            notes.append(set_rate(study, rate))
            planned = replace(planned, rate=rate)
    figures = as_figures(planned) | {"notes": notes}
    say(as_json, figures, "\n".join([*list_lines(planned), *notes]))


def find_study(folder: Path, *, is_needed: bool) -> Study | None:
    """Open the study in a folder; None where there is none and none is needed.

    Raises:
        StudyError: There is none, or it cannot be opened.
    """
    if (folder / SETTINGS_FILE).exists():
        return open_study(folder)
    if is_needed:
        raise StudyError(
            f"{folder} is not a study. Name one with --study; to plan without one, say "
            "--interviews N --excerpts N (per interview)."
        )
    return None


def list_lines(planned: Plan) -> Iterator[str]:
    """Lay a plan out to be read."""
    heads = [f"κ ± {half_width:g}" for half_width in planned.question.half_widths]
    table = [["given to", "a figure at all", *heads]]
    for row in planned.rows():
        cells = [_cell(planned, need) for need in (row.reported, *row.needs)]
        table.append([tell_share(row.prevalence), *cells])
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    yield from _head_lines(planned)
    yield ""
    for first, *rest in table:
        padded = (f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True))
        yield "   ".join([f"{first:<{widths[0]}}", *padded])
    yield ""
    yield from _explain_cells(planned, {cell for row in table for cell in row})
    yield from _drawn_lines(planned)


def _head_lines(planned: Plan) -> Iterator[str]:
    design, question = planned.design, planned.question
    groups = "" if design.n_groups == design.n_participants else f" ({design.n_groups} groups)"
    yield (
        f"{count(planned.n_interviews, 'interview')} of "
        f"{count(design.n_participants, 'participant')}{groups}, "
        f"{count(design.n_excerpts, 'excerpt')}. κ {question.kappa:g} and clustering "
        f"{design.clustering:g} are expected."
    )
    # Of interviews that were queued already nothing more is drawn: there the rate is another.
    rate = "" if planned.state.n_settled else " (the blind_rate)"
    yield f"Excerpts that two coders must code blind, and what share of the study that is{rate}:"


def _cell(planned: Plan, need: Need) -> str:
    share = planned.share(need)
    if share is None:
        return need.why
    return f"{need.n:,} ({100 * share:.{2 if share < 0.1 else 3}g}%)"


def _explain_cells(planned: Plan, cells: set[str]) -> Iterator[str]:
    if planned.design.n_groups < FEWEST_GROUPS:
        yield TOO_FEW
    elif any(cell.startswith("not with") for cell in cells):
        yield NOT_WITH
    if "all are not enough" in cells:
        yield NOT_ENOUGH


def _drawn_lines(planned: Plan) -> Iterator[str]:
    yield (
        f"With blind_rate = {planned.rate:g} about {planned.n_drawn:,.0f} excerpts are drawn, give "
        f"or take {planned.spread:,.0f}: {_tell_outlooks(planned.outlooks())}."
    )
    if settled := describe_settled(planned):
        yield settled


def _tell_outlooks(outlooks: list[Outlook]) -> str:
    whys = {outlook.why for outlook in outlooks}
    if len(whys) == 1 and all(whys):
        return whys.pop()
    return ", ".join(
        f"at {tell_share(outlook.prevalence)} {outlook.why or f'κ ± {outlook.half_width:.2f}'}"
        for outlook in outlooks
    )


def _read_number(said: str) -> float:
    try:
        return float(said.removesuffix("%")) / (100 if said.endswith("%") else 1)
    except ValueError:
        raise click.BadParameter(f"'{said}' is not a number such as .05 or 5%.") from None
