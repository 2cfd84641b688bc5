"""What is installed holds everything that is needed to run."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("codebook", "models", "study", "pipeline", "review", "themeloop")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with ZipFile(built) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("room", ROOMS)
def test_wheel_holds_every_file_of_a_room(wheel, room):
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert f"{room}/py.typed" in files
    assert files - wheel == set()


def test_wheel_holds_the_sample_study(wheel):
    files = {path.name for path in (ROOT / "data" / "interviews").iterdir()}

    held = {name.rsplit("/", 1)[-1] for name in wheel if name.startswith("themeloop/sample/")}
    assert held >= files | {"codings.csv", "gazetteer.csv", "interviews.csv", "README.md"}


def test_wheel_holds_no_test_and_no_benchmark(wheel):
    assert {name.split("/")[0] for name in wheel if ".dist-info" not in name} == set(ROOMS)


def test_wheel_carries_licence_and_notice(wheel):
    names = {name.rsplit("/", 1)[-1] for name in wheel if ".dist-info/licenses/" in name}

    assert {"LICENSE", "NOTICE"} <= names
