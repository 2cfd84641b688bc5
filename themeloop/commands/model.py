"""The commands that show the study's model versions and say which one is in force."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from models.encoder import identify_encoder
from pipeline.run import hold_study
from study.clock import utc_now
from study.coded_work import Case, read_cases
from study.errors import StudyError
from study.folder import Study, open_study
from study.model_files import check_model
from study.records import ModelVersion
from study.registry import (
    RegisteredModel,
    list_registered,
    promote_model,
    read_in_force,
    read_registered,
    roll_back,
)
from study.stance import may_show_agreement
from study.vectors import find_encoder
from themeloop.commands.model_tables import (
    Version,
    draw_list,
    draw_version,
    list_facts,
    list_figures,
)
from themeloop.terminal import json_option, say, study_option

BY_HAND = "by hand"


@click.group()
def model() -> None:
    """Show the model versions of a study, and choose the one that proposes."""


@model.command("list")
@study_option
@json_option
def list_versions(folder: Path, as_json: bool) -> None:
    """List every model version, oldest first."""
    study = open_study(folder)
    with study.database.read() as connection:
        cases = read_cases(connection)
        versions = [_describe(cases, each) for each in list_registered(connection)]
    is_shown = may_show_agreement(study.settings.stance)
    facts = [list_facts(version, is_shown=is_shown) for version in versions]
    say(as_json, {"models": facts}, draw_list(versions, is_shown=is_shown))


@model.command()
@click.argument("number", type=int, required=False, metavar="[ID]")
@study_option
@json_option
def show(number: int | None, folder: Path, as_json: bool) -> None:
    """Show what a version learnt from, what proposes which code, and what was measured of it."""
    study = open_study(folder)
    with study.database.read() as connection:
        wanted = _number_current(read_in_force(connection)) if number is None else number
        version = _describe(read_cases(connection), read_registered(connection, wanted))
    is_shown = may_show_agreement(study.settings.stance)
    say(as_json, list_figures(version, is_shown=is_shown), draw_version(version, is_shown=is_shown))


@model.command()
@click.argument("number", type=int, metavar="ID")
@study_option
@json_option
def promote(number: int, folder: Path, as_json: bool) -> None:
    """Make a version the one that proposes."""
    study = open_study(folder)
    encoder = identify_encoder(study.settings.encoder)
    with hold_study(study), study.database.write() as connection:
        before = read_in_force(connection)
        promote_model(connection, number, actor=study.settings.coder, reason=BY_HAND, now=utc_now())
        after = read_in_force(connection)
        encoder_id = find_encoder(connection, encoder.name, encoder.revision)
        # A refusal takes back what was written.
        _check_usable(study, after, encoder_id)
    say(as_json, *_tell_change(before, after))


@model.command()
@study_option
@json_option
def rollback(folder: Path, as_json: bool) -> None:
    """Go back to the version that proposed before the latest promotion."""
    study = open_study(folder)
    encoder = identify_encoder(study.settings.encoder)
    with hold_study(study), study.database.write() as connection:
        before = read_in_force(connection)
        roll_back(connection, actor=study.settings.coder, now=utc_now())
        after = read_in_force(connection)
        encoder_id = find_encoder(connection, encoder.name, encoder.revision)
        _check_usable(study, after, encoder_id)
    say(as_json, *_tell_change(before, after))


def _describe(cases: Mapping[int, Case], registered: RegisteredModel) -> Version:
    learnt = registered.model.trained_on & cases.keys()
    return Version(registered, tuple(sorted({cases[row].participant for row in learnt})))


def _number_current(current: ModelVersion | None) -> int:
    if current is None:
        raise StudyError("No model version is current yet. Run 'themeloop suggest' first.")
    return current.id


def _check_usable(study: Study, version: ModelVersion | None, encoder_id: int | None) -> None:
    assert version is not None, "one was just made current"
    if version.encoder_id != encoder_id:
        raise StudyError(
            f"Model version {version.id} was made with the encoder '{version.encoder}', in another "
            f"release perhaps; the study's is '{study.settings.encoder}'. Choose another version, "
            "or set 'encoder' in study.toml."
        )
    if not check_model(study.folder / "models", version.sha256):
        raise StudyError(
            f"The files of model version {version.id} are missing or were changed. Restore the "
            "folder models/ from a copy of the study, or choose another version."
        )


def _tell_change(
    before: ModelVersion | None, after: ModelVersion | None
) -> tuple[dict[str, Any], str]:
    assert after is not None, "one was just made current"
    figures = {"model": after.id, "previous": before.id if before else None}
    if before is not None and before.id == after.id:
        return figures, f"Model version {after.id} ({after.method}) is current already."
    place = f", in the place of version {before.id} ({before.method})" if before else ""
    return figures, (
        f"Model version {after.id} ({after.method}) is current{place}. What coders decided stays. "
        "Next: themeloop suggest"
    )
