"""Collects every sentence that the page can say: of its templates, scripts and modules."""

import ast
import importlib
import json
import re
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

from review.languages import read_catalogue
from study.ledger import STEP_NAMES

ROOT = Path(__file__).parents[2]
REVIEW = ROOT / "review"
# What says a sentence, and at which place of its arguments the sentence is.
SAYERS = {
    "say": 0,
    "self": 0,
    "Said": 0,
    "StudyError": 0,
    "RequestError": 1,
    # Of a kind of RequestError.
    "__init__": 1,
    "answer": 2,
    "_refusal": 2,
}
MADE_SAYERS = ("Speaker", "_speaker")
# Beside the page's own modules, those whose errors and sentences reach it.
STUDY = ("gap_wording", "proposed_codes", "judged_proposals", "codebook_edits", "decisions")
# Functions that give one of these, or hand on what was said elsewhere.
GIVEN_BY = {"name_step": tuple(STEP_NAMES.values()), "str": (), "join": ()}
LITERAL = r'"(?:[^"\\\n]|\\.)*"'


def collect_sentences():
    """Give every sentence, with where it was found."""
    found = {}
    for path in sorted((REVIEW / "templates").glob("*.html")):
        found |= dict.fromkeys(from_template(path), path.name)
    for path in sorted((REVIEW / "static").glob("*.js")):
        found |= dict.fromkeys(from_script(path), path.name)
    modules = [f"review.{path.stem}" for path in sorted(REVIEW.glob("*.py"))]
    for name in (*modules, *(f"study.{each}" for each in STUDY)):
        found |= dict.fromkeys(from_module(importlib.import_module(name)), name)
    return found


def from_template(path):
    """Give what a template says."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            yield from _choices(call.args[0], path)


def _choices(node, path):
    if isinstance(node, nodes.CondExpr):
        yield from _choices(node.expr1, path)
        yield from _choices(node.expr2, path)
        return
    assert isinstance(node, nodes.Const), f"{path.name} says what no catalogue can hold: {node}"
    yield node.value


def from_script(path):
    """Give what a script says: literals, and tables by the names that they have."""
    text = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for call in re.finditer(rf"(?<![\w.])t\(\s*(?:({LITERAL})|([^,)\n]+))", text):
        literal, expression = call.groups()
        yield from map(json.loads, [literal] if literal else _read_choices(expression, text, path))


def _read_choices(expression, text, path):
    if "?" in expression:
        return re.findall(LITERAL, expression.partition("?")[2])
    name = re.match(r"\w+", expression).group()
    if name in ("english", "says", "brief"):
        # Fields of the key table.
        return re.findall(rf"\b{name}: ({LITERAL})", (path.parent / "keys.js").read_text("utf-8"))
    (table,) = re.findall(rf"^const {name} = (.*?);$", text, re.MULTILINE | re.DOTALL)
    return [each for each in re.findall(LITERAL, table) if each != '""']


def from_module(module):
    """Give what a module says."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    yield from _Reader(module).read(tree, {})


class _Reader:
    def __init__(self, module):
        self.module = module

    def read(self, node, local):
        if isinstance(node, ast.FunctionDef):
            local = {arg.arg: None for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
            for each in ast.walk(node):
                if isinstance(each, ast.Assign):
                    local |= self._assigned(each)
        if isinstance(node, ast.Call) and (place := self._place_of(node)) is not None:
            yield from self._resolve(node.args[place], local)
        for child in ast.iter_child_nodes(node):
            yield from self.read(child, local)

    def _assigned(self, assign):
        (target,) = assign.targets if len(assign.targets) == 1 else (None,)
        if isinstance(target, ast.Tuple) and isinstance(assign.value, ast.Tuple):
            pairs = zip(target.elts, assign.value.elts, strict=True)
            return {each.id: value for each, value in pairs if isinstance(each, ast.Name)}
        return {target.id: assign.value} if isinstance(target, ast.Name) else {}

    def _place_of(self, call):
        if isinstance(call.func, ast.Call):
            return 0 if self._name_of(call.func.func) in MADE_SAYERS else None
        place = SAYERS.get(self._name_of(call.func))
        return place if place is not None and len(call.args) > place else None

    def _name_of(self, func):
        return getattr(func, "id", None) or getattr(func, "attr", None)

    def _resolve(self, node, local):
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp():
                yield from self._resolve(node.body, local)
                yield from self._resolve(node.orelse, local)
            case ast.Name(id=name) if name in local:
                if local[name] is not None:
                    yield from self._resolve(local[name], local)
            case ast.Name(id=name):
                yield from _strings(getattr(self.module, name))
            case ast.Subscript():
                yield from self._resolve(node.value, local)
            case ast.Call(func=ast.Attribute(attr="get", value=table)):
                yield from self._resolve(table, local)
                yield from self._resolve(node.args[1], local)
            case ast.Call() if self._name_of(node.func) in GIVEN_BY:
                yield from GIVEN_BY[self._name_of(node.func)]
            case ast.Attribute(attr="english"):
                return
            case _:
                where = f"{self.module.__name__}:{node.lineno}"
                raise AssertionError(f"{where} says what no catalogue can hold")


def _strings(value):
    if isinstance(value, str):
        yield value
        return
    for each in value.values() if isinstance(value, Mapping) else value:
        yield from _strings(each)


class Reader(HTMLParser):
    """What a person reads or hears of a page: its text, and its labels."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.is_hidden = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.is_hidden = tag in ("script", "style", "code")
        labels = ("title", "aria-label", "placeholder", "alt", "data-title")
        self.found += [value for name, value in attributes if name in labels and value]

    def handle_endtag(self, tag):
        self.is_hidden = False

    def handle_data(self, data):
        if not self.is_hidden and data.strip():
            self.found.append(" ".join(data.split()))


def find_english(told):
    """Give what of some lines is said in English though there is Dutch for it."""
    dutch = {each.casefold() for each in read_catalogue("nl").values()}
    lines = {each for each in told if each.casefold() not in dutch}
    return {line for line in lines for known in _list_english() if known.fullmatch(line)}


@cache
def _list_english():
    pairs = read_catalogue("nl").items()
    return [_as_pattern(e) for e, d in pairs if e.casefold() != d.casefold() and _is_telling(e)]


def _is_telling(sentence):
    # "of" is a word of both languages, and what is nothing but places matches anything.
    return re.search(r"[^\W\d_]{3}", re.sub(r"\{\w+\}", "", sentence))


def _as_pattern(sentence):
    parts = (re.escape(part) for part in re.split(r"\{\w+\}", " ".join(sentence.split())))
    # A sentence may stand beside others in one stretch of text.
    around = ".*" if len(sentence.split()) > 3 else ""
    return re.compile(f"{around}{'.+'.join(parts)}{around}", re.IGNORECASE)
