"""The one error of this room: all that is wrong with a codebook, in one go."""

from collections.abc import Iterable


class CodebookError(ValueError):
    """Say everything that is wrong with a codebook, one `FILE:LINE: message` per offender."""

    offenders: tuple[str, ...]

    def __init__(self, offenders: Iterable[str]) -> None:
        self.offenders = tuple(offenders)
        # The tuple, not the text, is the argument: pickling rebuilds an error from its arguments.
        super().__init__(self.offenders)

    def __str__(self) -> str:
        return "\n".join(self.offenders)
