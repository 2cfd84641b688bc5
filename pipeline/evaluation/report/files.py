"""Makes the three forms of a report and writes them, for their owner only and each at once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pipeline.evaluation.as_csv import lay_out_csv
from pipeline.evaluation.as_json import lay_out_json
from pipeline.evaluation.records import Evaluation
from pipeline.evaluation.report.page import render_page
from study.errors import StudyError
from study.reports import STAMP
from study.stance import Stance, may_show_agreement
from study.whole_files import replace_file


@dataclass(frozen=True)
class ReportFiles:
    """Where a report was written: the page, and its figures as JSON and as CSV."""

    html: Path
    json: Path
    csv: Path


@dataclass(frozen=True)
class Report:
    """A report as text, in its three forms."""

    html: str
    json: str
    csv: str


def make_report(evaluation: Evaluation, *, study_name: str) -> Report:
    """Make a report without writing it.

    Raises:
        ValueError: The study is reflexive: nothing is made of its figures.
    """
    # Checked here as well as by whoever asks for a report.
    if not may_show_agreement(cast(Stance, evaluation.stance)):
        raise ValueError("A reflexive study has no report of agreement.")
    return Report(
        html=render_page(evaluation, study_name=study_name, file_name=name_report(evaluation)),
        json=json.dumps(lay_out_json(evaluation), ensure_ascii=False, allow_nan=False, indent=1),
        csv=lay_out_csv(evaluation),
    )


def write_report(evaluation: Evaluation, folder: Path, *, study_name: str) -> ReportFiles:
    """Write a report into a folder, which is made if need be.

    Raises:
        ValueError: The study is reflexive.
        StudyError: The folder cannot be written.
    """
    report = make_report(evaluation, study_name=study_name)
    name = name_report(evaluation)
    files = ReportFiles(*(folder / f"{name}.{form}" for form in ("html", "json", "csv")))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The page last: once it is there, so are its figures.
        for path, text in (
            (files.json, report.json),
            (files.csv, report.csv),
            (files.html, report.html),
        ):
            replace_file(path, text)
    except OSError as error:
        raise StudyError(
            f"The report cannot be written to {folder}: {error.strerror}. Name another with --to."
        ) from error
    return files


def name_report(evaluation: Evaluation) -> str:
    """Name a report by the moment it was made and whether it quotes, and by nothing else of it."""
    # Whoever is handed a file sees from its name whether it holds interview text.
    has_quotes = any(each.text is not None for each in evaluation.disagreements)
    quotes = "-quotes" if has_quotes else ""
    return f"agreement-{evaluation.made_at.strftime(STAMP)}{quotes}"
