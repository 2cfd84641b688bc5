"""Gives each of a run's own Dask workers its share of the cores; Dask calls it as a worker starts.

Without it the encoder would take every core in each of the workers.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Protocol

N_WORKERS = "THEMELOOP_WORKERS"
# Read by what computes on several threads: Dask would have each of them use one.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Worker(Protocol):
    """What is asked of one of Dask's workers: its number among those of its cluster."""

    name: int


def dask_setup(worker: Worker) -> None:
    """Keep a worker, and every thread that it will start, to its share of the cores."""
    cores = list_cores()
    if cores:
        share = choose_share(cores, worker.name, int(os.environ[N_WORKERS]))
        os.sched_setaffinity(0, share)


def worker_environment(n_workers: int) -> Mapping[str, str]:
    """Give what each of so many workers finds in its environment."""
    n_cores = len(list_cores()) or os.cpu_count() or 1
    n_threads = max(1, n_cores // n_workers)
    return {N_WORKERS: str(n_workers), **dict.fromkeys(THREADS, str(n_threads))}


def list_cores() -> list[int]:
    """List the cores that this process may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def choose_share(cores: Sequence[int], place: int, n_workers: int) -> set[int]:
    """Choose the cores of one of so many workers; where there are too few, some have one in common.

    The two halves of a core are half the list apart, so every n-th keeps them together.
    """
    return set(cores[place % n_workers :: n_workers]) or {cores[place % len(cores)]}
