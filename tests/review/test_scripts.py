"""The page's scripts, run by Node where there is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "review" / "static"
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no Node.js on this machine")
@pytest.mark.parametrize("script", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_script_facts_hold(script):
    done = subprocess.run(
        [str(NODE), "--test", "--test-reporter=tap", str(HERE / script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_scripts_write_data_as_text_and_reach_nothing_else(script):
    text = script.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert "http:" not in text
    assert "https:" not in text
    # Ids of what has not arrived are kept, and nothing else.
    assert "localStorage" not in text or script.name == "outbox.js"
