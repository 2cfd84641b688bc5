"""Runs the command line as `python -m themeloop`."""

from themeloop.cli import main

main(prog_name="themeloop")
