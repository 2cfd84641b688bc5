"""All excerpts of a study compared with one another once; no label is looked at."""

from dataclasses import dataclass

from models.features import Features
from models.kernel import compare
from models.multinomial import Components, find_components
from models.nearest import Nearest, find_nearest
from models.passages import IntArray
from models.ridge import invert
from models.vectors import FloatArray


@dataclass(frozen=True)
class Compared:
    """What every fit on some of the excerpts starts from.

    kernel, inverse: (n, n).
    """

    kernel: FloatArray
    inverse: FloatArray
    components: Components
    nearest: Nearest

    def __len__(self) -> int:
        return len(self.kernel)


def compare_all(features: Features, groups: IntArray, *, seed: int) -> Compared:
    """Compare all excerpts with one another.

    Args:
        groups: (n,) nearest excerpts are looked for in other groups.
    """
    kernel = compare(features, features)
    return Compared(
        kernel=kernel,
        inverse=invert(kernel),
        components=find_components(kernel, seed=seed),
        nearest=find_nearest(features.meaning, features.meaning, groups, groups),
    )
