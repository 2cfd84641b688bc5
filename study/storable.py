"""Which texts a database can store."""

import re

# PostgreSQL stores no U+0000; half of a pair of surrogates is no character, and UTF-8 has none.
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Tell whether every database can store a text."""
    return UNSTORABLE.search(text) is None
