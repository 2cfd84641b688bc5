"""The documents say what is true."""

import re
from pathlib import Path

import pytest

from study.page_keys import DEFAULT_KEYS
from study.settings import Settings
from themeloop.cli import main

ROOT = Path(__file__).parents[1]
BOOKKEEPING = ("open_run", "close_run", "close_learning")
COMMON = {"--study", "--json", "--help", "--version"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_command_and_its_options_are_documented(name):
    lines = read("docs/commands.md").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| `themeloop {name}")]

    options = {o for p in main.commands[name].params for o in p.opts if o.startswith("--")}

    assert {option for option in options - COMMON if f"`{option}" not in line} == set()


def test_every_documented_command_exists():
    documented = set(
        re.findall(r"themeloop ([a-z]+)", read("README.md") + read("docs/commands.md"))
    )

    assert documented - {"page"} <= set(main.commands)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_is_documented_with_its_meaning(name):
    field = Settings.model_fields[name]

    assert f"| `{name}` |" in read("docs/settings.md")
    assert field.description in read("docs/settings.md")


def test_every_key_of_the_page_is_documented():
    page = read("docs/page.md")
    named = {"ArrowUp": "↑", "ArrowDown": "↓"}

    keys = {key.removeprefix("Alt+") for chosen in DEFAULT_KEYS.values() for key in chosen}

    assert [key for key in keys if f"`{named.get(key, key)}`" not in page] == []


def test_readme_draws_the_steps_in_the_order_they_are_run():
    order = read("pipeline/order.py")
    steps = re.findall(r"(?:run_step\(|run_step, )(\w+), work", order)
    drawn = re.findall(r"\b\w+_\w+\b", read("README.md").split("```")[1])

    # What waits is looked for twice: before a run, and after files were taken in.
    last = list(dict.fromkeys(step for step in reversed(steps) if step not in BOOKKEEPING))[::-1]
    assert last == list(dict.fromkeys(drawn))


def test_lock_names_versions_and_nothing_else():
    assert all(
        re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)
        for line in read("constraints.txt").splitlines()
    )
