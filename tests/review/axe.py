"""Asks axe-core what on a page breaks WCAG 2.2 at level A or AA."""

import re
from importlib.resources import files

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Elements are told by their place; an attribute's value may be an interview's words.
VALUE = re.compile(r'="(\\.|[^"\\])*"')
# Off in axe unless asked for: 2.5.8, new in WCAG 2.2.
RULES = {"target-size": {"enabled": True}}


def find_violations(tab):
    """List what axe finds, each as rule, what it asks for, and the elements; no words of theirs."""
    # The policy of the page's own scripts holds for what a page loads, not for what a driver runs.
    tab.evaluate(_read_source())
    found = tab.evaluate(
        "options => axe.run(document, options)",
        {"runOnly": {"type": "tag", "values": TAGS}, "rules": RULES, "resultTypes": ["violations"]},
    )
    return [_describe(violation) for violation in found["violations"]]


def _describe(violation):
    places = ", ".join(_describe_place(node) for node in violation["nodes"])
    return f"{violation['id']}: {violation['help']}: {places}"


def _describe_place(node):
    # The colours, or how many pixels.
    facts = [str(check["message"]) for check in node["any"]]
    place = VALUE.sub("", " ".join(map(str, node["target"])))
    return f"{place} ({'; '.join(facts)})" if facts else place


def _read_source():
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
