"""The command line: `themeloop COMMAND`."""

import os

import click

from themeloop.commands.add import add
from themeloop.commands.codebook import codebook
from themeloop.commands.coder import coder
from themeloop.commands.copy import copy
from themeloop.commands.evaluate import evaluate, report
from themeloop.commands.gaps import gaps
from themeloop.commands.model import model
from themeloop.commands.names import names
from themeloop.commands.plan import plan
from themeloop.commands.serve import demo, up
from themeloop.commands.status import status
from themeloop.commands.study import doctor, init
from themeloop.commands.suggest import suggest
from themeloop.commands.train import train
from themeloop.commands.transfer import export, import_
from themeloop.terminal import OneLineGroup


@click.group(cls=OneLineGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="themeloop")
def main() -> None:
    """Propose codebook codes for interview excerpts; a human coder decides."""
    # Whatever a command writes holds interviews: it is the owner's alone.
    os.umask(0o077)


COMMANDS = (
    init,
    codebook,
    coder,
    add,
    names,
    import_,
    plan,
    suggest,
    evaluate,
    report,
    train,
    model,
    gaps,
    export,
    doctor,
    copy,
    status,
    up,
    demo,
)
for command in COMMANDS:
    main.add_command(command)
