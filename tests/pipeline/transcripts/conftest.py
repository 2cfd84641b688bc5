"""What the tests of the readers share; every text is synthetic."""

import pytest

from pipeline.transcripts.reader import read_transcript
from study.errors import InputError
from tests.pipeline.transcripts.samples import write


@pytest.fixture
def read(tmp_path):
    def read_content(content, name="talk.txt"):
        return read_transcript(write(tmp_path / name, content))

    return read_content


@pytest.fixture
def refuse(read):
    def offender(content, name="talk.txt"):
        with pytest.raises(InputError) as caught:
            read(content, name)
        (line,) = caught.value.offenders
        assert line.startswith(f"{name}: ")
        assert "\n" not in line
        return line

    return offender
