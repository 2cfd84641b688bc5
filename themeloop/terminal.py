"""How commands speak: one clear line for an error, a bar for long work, JSON where asked."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codebook.errors import CodebookError
from models.errors import ModelError
from pipeline.work import WATCHER, describe_error
from study.errors import ThemeloopError
from study.ledger import name_step

if TYPE_CHECKING:
    from rich.progress import TaskID

study_option = click.option(
    "--study",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    help="The study's folder (default: here).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")


class OneLineGroup(click.Group):
    """Commands whose errors are one clear line each, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command; exit with 1 and say why where it fails."""
        try:
            return super().invoke(ctx)
        except (ThemeloopError, CodebookError, ModelError) as error:
            for line in str(error).splitlines():
                click.echo(f"Error: {line}", err=True)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("THEMELOOP_DEBUG"):
                raise
            # An unforeseen error's own message may hold an interview's words.
            click.echo(
                f"Error: something that should not happen did ({describe_error(error)}). Nothing "
                "was lost. Please report this line; THEMELOOP_DEBUG=1 shows more.",
                err=True,
            )
        raise click.exceptions.Exit(1)


def say(as_json: bool, figures: dict[str, Any], line: str) -> None:
    """Print figures as JSON, or the line that says the same."""
    click.echo(json.dumps(figures, indent=2) if as_json else line)


@contextmanager
def progress() -> Iterator[None]:
    """Show a bar for each step on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(step: str, n_done: int, n_all: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(name_step(step).capitalize(), total=n_all)
            bars.update(tasks[step], completed=n_done)

        token = WATCHER.set(report)
        try:
            yield
        finally:
            WATCHER.reset(token)
