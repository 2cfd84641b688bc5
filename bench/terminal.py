"""How a benchmark speaks: a bar on a terminal, one line for each thing wrong with its input."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import click

from codebook.errors import CodebookError
from models.errors import ModelError
from study.errors import ThemeloopError

# Hears what is being done, how many are done, and of how many.
Report: TypeAlias = Callable[[str, int, int], None]


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn an error about the input into its lines on stderr and exit code 1."""
    try:
        yield
    except (ThemeloopError, CodebookError, ModelError) as error:
        for line in str(error).splitlines():
            click.echo(f"Error: {line}", err=True)
        sys.exit(1)


@contextmanager
def progress_bars() -> Iterator[Report]:
    """Show a bar for each thing reported where stderr is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda _what, _n_done, _n_all: None
        return
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it
    from rich.progress import (  # noqa: PLC0415  only a terminal needs it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
    )

    columns = (TextColumn("{task.description:<30}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(what: str, n_done: int, n_all: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=n_all)
            bars.update(tasks[what], completed=n_done)

        yield report
