"""How many threads linear algebra uses, and independent work side by side."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# Each holds some 200 MB beside what all share, with ten thousand excerpts.
MOST_WORKERS = 4


@contextmanager
def single_threaded() -> Iterator[None]:
    """Let linear algebra use one thread: on small matrices several wait more than they work."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  an idle run starts without it

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def work_side_by_side(work: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
    """Do independent tasks on all cores, one thread each; give what they return, in order."""
    n_workers = min(len(tasks), os.cpu_count() or 1, MOST_WORKERS)
    with single_threaded(), ThreadPoolExecutor(max_workers=max(n_workers, 1)) as pool:
        return list(pool.map(work, tasks))
