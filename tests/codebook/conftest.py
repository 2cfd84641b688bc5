"""What every test about mistakes in a codebook needs."""

import pytest

from codebook.errors import CodebookError
from codebook.reader import parse_codebook


@pytest.fixture
def offenders_of():
    def read(text):
        with pytest.raises(CodebookError) as caught:
            parse_codebook(text, source="book.yaml")
        return list(caught.value.offenders)

    return read


@pytest.fixture
def only_offender_of(offenders_of):
    def read(text):
        (offender,) = offenders_of(text)
        return offender

    return read
