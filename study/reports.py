"""Where a study keeps its reports of agreement, and which of them is the latest."""

import json
import re
from pathlib import Path
from typing import Any

from study.folder import Study

FOLDER = "reports"
STAMP = "%Y%m%d-%H%M%S"
NAMED = re.compile(r"agreement-\d{8}-\d{6}(-quotes)?\.html")
# And what was half written when a run was killed.
ANY_FORM = re.compile(r"\.?agreement-\d{8}-\d{6}(-quotes)?\.(html|json|csv)(-\w+)?")


def latest_report(study: Study) -> Path | None:
    """Find the report as a page that was made last, by its name; None where there is none.

    A file of another name, a folder, or a link that leads elsewhere is no report.
    """
    folder = study.folder / FOLDER
    if not folder.is_dir():
        return None
    reports = [
        path
        for path in folder.iterdir()
        if NAMED.fullmatch(path.name) and path.is_file() and not path.is_symlink()
    ]
    return max(reports, key=lambda path: path.name, default=None)


def read_latest_evidence(study: Study) -> str | None:
    """Read of what evidence the latest report was made; None where it does not say."""
    page = latest_report(study)
    try:
        return str(_read_figures(page)["evidence"]) or None if page else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_named_interviews(page: Path) -> frozenset[str] | None:
    """Read of which interviews a report names excerpts; None where it does not say."""
    try:
        return frozenset(str(each["interview"]) for each in _read_figures(page)["disagreements"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def delete_reports(study: Study) -> int:
    """Delete the study's reports, which may quote what was redacted since; give their files.

    They can be made anew from what the study holds.
    """
    folder = study.folder / FOLDER
    files = [path for path in folder.glob("*") if ANY_FORM.fullmatch(path.name)]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _read_figures(page: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return figures
