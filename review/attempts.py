"""Lets nobody guess on: after some wrong passwords the next one has to wait, ever longer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 5
FIRST_WAIT = timedelta(seconds=15)
# No longer, or anybody who knows a name could keep its bearer out for days.
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_KEPT = 10_000


@dataclass(frozen=True)
class _Failures:
    n: int
    last_at: datetime

    @property
    def wait(self) -> timedelta:
        if self.n < FREE:
            return timedelta(0)
        # Doubled more often than that it is the longest in any case.
        n_doubled: int = 2 ** min(self.n - FREE, 16)
        return min(FIRST_WAIT * n_doubled, LONGEST_WAIT)


class Attempts:
    """Wrong attempts of this server's time, by what they came from: a name, an address.

    Not for two threads at once: whoever calls it holds a lock from asking to noting.
    """

    def __init__(self) -> None:
        self._failures: dict[str, _Failures] = {}

    def tell_wait(self, sources: Iterable[str], *, now: datetime) -> int:
        """Tell for how many seconds none of these is let try; 0 where they may."""
        ends = [known.last_at + known.wait for each in sources if (known := self._find(each, now))]
        left = max(ends, default=now) - now
        return max(0, -(-left // timedelta(seconds=1)))

    def note_failure(self, sources: Iterable[str], *, now: datetime) -> None:
        """Count a wrong attempt against each of these."""
        for each in sources:
            known = self._find(each, now)
            # Taken out first: the one at the front is the one that failed longest ago.
            self._failures.pop(each, None)
            self._failures[each] = _Failures(known.n + 1 if known else 1, now)
        while len(self._failures) > MOST_KEPT:
            self._failures.pop(next(iter(self._failures)))

    def forget(self, sources: Iterable[str]) -> None:
        """Count from nothing again: one of them was right."""
        for each in sources:
            self._failures.pop(each, None)

    def _find(self, source: str, now: datetime) -> _Failures | None:
        known = self._failures.get(source)
        is_old = known is not None and now - known.last_at > FORGOTTEN_AFTER
        return None if is_old else known
