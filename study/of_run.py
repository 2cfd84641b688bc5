"""Opens a study for whoever does a part of a run in another process."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from study import tables as t
from study.errors import StudyError
from study.folder import Study, open_study
from study.settings import make_settings


def open_study_of_run(folder: Path, run_id: int) -> Study:
    """Open a study under the settings that a run began with, whatever study.toml says by now.

    Raises:
        StudyError: There is no study, or no such run.
    """
    study = open_study(folder)
    with study.database.read() as connection:
        began_with = connection.scalar(sa.select(t.run.c.settings).where(t.run.c.id == run_id))
    if began_with is None:
        study.database.close()
        raise StudyError(f"There is no run {run_id}. The study's database is not the run's.")
    # A run does not store the database's address, which may hold a password.
    here = {"database_url": study.settings.database_url}
    return replace(study, settings=make_settings({**began_with, **here}, source=f"run {run_id}"))
