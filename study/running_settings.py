"""The settings that say where a run's steps are done: here, on threads, or by Dask's workers."""

from typing import Annotated, Literal

from pydantic import Field

ONE_BY_ONE, THREADS, DASK = "one by one", "threads", "dask"

TaskRunner = Annotated[
    Literal["one by one", "threads", "dask"],
    Field(
        description="How a run of the service takes interviews through its long steps: one by one, "
        "threads (several at once in one process; for a proposer that waits for a server) or dask "
        "(worker processes, here or on other machines; pip install 'themeloop[dask]').",
    ),
]
TaskWorkers = Annotated[
    int,
    Field(
        ge=1,
        le=256,
        description="So many interviews at once: threads, or Dask workers where dask_address is "
        "empty.",
    ),
]
DaskAddress = Annotated[
    str,
    Field(
        pattern=r"^((tcp|tls)://[A-Za-z0-9._:\[\]-]+)?$",
        description="Address of your own Dask scheduler, such as tls://10.0.0.5:8786; empty: each "
        "run starts its own workers on this machine.",
    ),
]
