"""What the task runner that the settings name needs, and is made of; loads none."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from pipeline.work import StepError
from pipeline.worker_cores import worker_environment
from study.folder import Study
from study.page_settings import is_loopback
from study.running_settings import DASK, ONE_BY_ONE

HOST = "127.0.0.1"


def require_engine(study: Study) -> None:
    """Check that a study's interviews can be spread as its settings ask.

    Raises:
        StepError: Dask is not installed, or its workers could not reach the database.
    """
    settings = study.settings
    if settings.task_runner != DASK:
        return
    if find_spec("prefect_dask") is None:
        raise StepError(
            f"task_runner = '{DASK}' in study.toml needs Dask, which is not installed. Install it "
            f"with: pip install 'themeloop[dask]'; or set task_runner to '{ONE_BY_ONE}'."
        )
    host = urlsplit(settings.dask_address).hostname
    is_file = study.database.url.get_backend_name() == "sqlite"
    if host and not is_loopback(host) and is_file:
        raise StepError(
            f"dask_address = '{settings.dask_address}' in study.toml is another machine, and the "
            "study's database is a file on this one. Move the study to PostgreSQL, which the "
            "workers can reach, or leave dask_address empty."
        )


def describe_cluster(study: Study) -> dict[str, Any]:
    """Describe a run's own Dask workers: on this machine, gone with the run, closed to others."""
    n_workers = study.settings.task_workers
    return {
        "n_workers": n_workers,
        "threads_per_worker": 1,
        "host": HOST,
        # No page, and whichever port is free for what would tell of it.
        "dashboard_address": f"{HOST}:0",
        "scheduler_kwargs": {"dashboard": False},
        # Certificates made for this run alone: else whoever has an account on this machine could
        # have the workers do anything.
        "security": True,
        # Else a folder of the machine's.
        "local_directory": str((study.folder / ".prefect" / "dask").absolute()),
        "preload": ["pipeline.worker_cores"],
        "env": worker_environment(n_workers),
    }
