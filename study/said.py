"""A sentence together with what goes into it, so that whoever shows it can say it in a language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """A sentence in English with {places}; as a string it is said in English."""

    english: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Fill the places."""
        return self.english.format(**self.values)
