import threading

import numpy as np
from threadpoolctl import threadpool_info

from models.threads import single_threaded, work_side_by_side


def count_blas_threads():
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


def test_linear_algebra_has_one_thread_inside_and_its_own_again_after():
    np.eye(2) @ np.eye(2)
    before = count_blas_threads()

    with single_threaded():
        inside = count_blas_threads()

    assert set(inside) == {1}
    assert count_blas_threads() == before


def test_what_tasks_return_comes_in_the_order_of_the_tasks():
    first_may_end = threading.Event()

    def wait_or_release(number):
        if number == 0:
            first_may_end.wait(timeout=5)
        else:
            first_may_end.set()
        return number

    assert work_side_by_side(wait_or_release, [0, 1, 2]) == [0, 1, 2]


def test_no_task_gives_nothing():
    assert work_side_by_side(abs, []) == []
