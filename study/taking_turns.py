"""Lets the threads of a process write one after the other, in the order in which they came."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is handed on to whoever has waited longest; none waits in vain."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def take(self, *, seconds: float) -> Iterator[None]:
        """Wait for one's turn, and have it until left.

        Raises:
            TimeoutError: It did not come within so many seconds.
        """
        self._wait(seconds)
        try:
            yield
        finally:
            self._hand_on()

    def _wait(self, seconds: float) -> None:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(seconds):
            return
        with self._guard:
            if called in self._waiting:
                self._waiting.remove(called)
                raise TimeoutError
        # Called in the moment in which the waiting ended: the turn is taken after all.

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
