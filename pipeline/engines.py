"""Says beforehand what is missing for the task runner that the settings name; loads none."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from pipeline.work import StepError
from study.folder import Study
from study.page_settings import is_loopback
from study.running_settings import DASK, ONE_BY_ONE


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
