"""Asks the person at the terminal what only a person can answer of a new study: its stance."""

import sys

import click

from study.errors import StudyError
from study.stance import EXPLAINED, Stance, read_stance


def choose_stance(said: str | None) -> Stance:
    """Take the stance that was said, or ask for it on a terminal; empty where nobody is there.

    Raises:
        StudyError: What was said is no stance.
    """
    if said is not None:
        return read_stance(said)
    return ask_stance() if is_on_terminal() else ""


def is_on_terminal() -> bool:
    """Tell whether somebody can answer; a script may have closed the input."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask_stance() -> Stance:
    """Ask until one of the three is named; there is no default, because none is neutral."""
    # Not to stdout, which may be read as JSON.
    click.echo("What is the study's stance? It decides which figures are shown.", err=True)
    for number, (stance, line) in enumerate(EXPLAINED.items(), 1):
        click.echo(f"  {number}  {stance}: {line}", err=True)
    answer: Stance = click.prompt("Name or number", value_proc=_read_answer, err=True)
    return answer


def _read_answer(answer: str) -> Stance:
    by_number = dict(enumerate(EXPLAINED, 1))
    if answer.strip() in map(str, by_number):
        return by_number[int(answer)]
    try:
        return read_stance(answer)
    except StudyError as error:
        # What click asks again after.
        raise click.UsageError(str(error)) from error
