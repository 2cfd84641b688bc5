"""How often the wrong one of two opposite codes is proposed: `python -m bench.polarity`."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click

from bench.coded import CodedData, read_data
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from codebook.reader import read_codebook
from codebook.records import Codebook
from codebook.shipped import shipped_codebook_path
from models.contrasts import Offer, choose_with_choices
from models.encoder import DEFAULT_ENCODER
from models.similarity import choose_codes, fit_similarity, in_memory, score_similarity
from models.vectors import FloatArray
from pipeline.choices import list_contrasts
from pipeline.proposers.similarity import list_parts
from study.errors import InputError
from study.settings import make_settings

PAIRS = Path(__file__).with_name("polarity_pairs.csv")
SAMPLE = Path(__file__).parents[1] / "data" / "codings.csv"
AFFIRM, DENY = "affirm", "deny"
ALL = "all"

PROPOSED = "proposed"
WRONG, RIGHT, CHOICE, APART, NONE = "wrong", "right", "choice", "apart", "none"
OUTCOMES = (WRONG, RIGHT, CHOICE, APART, NONE)
COLUMNS = (PROPOSED, *OUTCOMES)
RULES = {"one_by_one": "one by one", "as_choices": "as choices of two"}
EXPLAINED = """\
Counts of sentences. All of them are synthetic: written for this benchmark, nobody said them.
leads: the right pole is scored higher than the wrong one; by chance half of them.
proposed: one pole at least. Of these, wrong, right: only that pole. choice: both, as one choice of
two. apart: both, each on its own. none: neither pole is proposed. one by one: as choose_codes gives
them. as choices of two: every pair that the codebook links by contrasts_with, as in a study in
which nothing was coded yet.
affirm, deny: sentences in which the first code of the pair is the right one, and the second."""


@dataclass(frozen=True)
class Sentence:
    """An invented sentence, the code that it is about, and the opposite of that code, by key."""

    language: str
    side: str
    text: str
    right: str
    wrong: str


@dataclass(frozen=True)
class Proposed:
    """What became of a sentence: whether its pole leads, and its outcome by each rule."""

    sentence: Sentence
    is_leading: bool
    outcomes: Mapping[str, str]


Places: TypeAlias = Mapping[str, int]
Offers: TypeAlias = list[list[Offer]]
Rules: TypeAlias = Mapping[str, Callable[[FloatArray], Offers]]


@click.command()
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=shipped_codebook_path(),
    help="A codebook with the codes of the pairs (default: the shipped one).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(codebook_file: Path, as_json: bool) -> None:
    """Propose codes for 40 invented pairs of sentences, one affirming what the other denies."""
    with one_line_errors(), progress_bars() as report:
        codebook = read_codebook(codebook_file)
        sentences = read_sentences(PAIRS, codebook)
        background = read_data(SAMPLE, shipped_codebook_path())
        proposed = propose(sentences, codebook, background, report=report)
    figures = {
        "encoder": DEFAULT_ENCODER,
        "codebook": codebook.name,
        "sentences": len(sentences),
        "groups": sum_up(proposed),
    }
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def read_sentences(path: Path, codebook: Codebook) -> list[Sentence]:
    """Read pairs of sentences, two sentences a row.

    Raises:
        InputError: The codebook lacks codes of the pairs.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {key for row in rows for key in (row["code_key"], row["counter_key"])}
    if lacking := sorted(named - set(codebook.by_key)):
        missing = ", ".join(lacking)
        raise InputError(
            [f"{path.name}: codebook '{codebook.name}' lacks {missing}. Give one that has them."]
        )
    return [
        Sentence(row["language"], side, row[side], right=row[right], wrong=row[wrong])
        for row in rows
        for side, right, wrong in (
            (AFFIRM, "code_key", "counter_key"),
            (DENY, "counter_key", "code_key"),
        )
    ]


def propose(
    sentences: Sequence[Sentence], codebook: Codebook, background: CodedData, *, report: Report
) -> list[Proposed]:
    """Propose codes for sentences by similarity to the codebook, as the product does.

    What is usual is learnt, language by language, from all these sentences and the background.
    """
    places = {code.key: place for place, code in enumerate(codebook.codes)}
    languages = sorted({sentence.language for sentence in sentences})
    parts = {language: list_parts(codebook, language) for language in languages}
    texts = [*(sentence.text for sentence in sentences), *background.texts]
    texts += [part.text for language in languages for part in parts[language]]
    vectors = encode_once(DEFAULT_ENCODER, texts, report=report)
    rules = _make_rules(codebook)
    proposed = []
    for language in languages:
        mine = [sentence for sentence in sentences if sentence.language == language]
        said = [sentence.text for sentence in mine]
        usual = said + _texts_in(background, language)
        part_vectors = vectors.of(part.text for part in parts[language])
        model = fit_similarity(in_memory(vectors.of(usual)), part_vectors, parts[language])
        values = score_similarity(model, vectors.of(said)).values
        proposed += _judge(mine, values, places, rules)
    return proposed


def sum_up(proposed: Sequence[Proposed]) -> dict[str, Any]:
    """Count outcomes by language, by side, and in all."""
    kinds = [(each.sentence.language, each.sentence.side) for each in proposed]
    groups = [*sorted({language for language, _ in kinds}), AFFIRM, DENY]
    counted = {
        group: _count([each for each, kind in zip(proposed, kinds, strict=True) if group in kind])
        for group in groups
    }
    return {**counted, ALL: _count(proposed)}


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the counts as a table, a group and a rule a line."""
    head = f"{'':<8}{'':<20}{'sentences':>10}{'leads':>8}"
    lines = [
        f"{figures['encoder']}, codebook '{figures['codebook']}'",
        "",
        head + "".join(f"{name:>10}" for name in COLUMNS),
    ]
    for group, row in figures["groups"].items():
        for rule, words in RULES.items():
            start = f"{group:<8}{words:<20}{row['sentences']:>10}{row['leads']:>8}"
            lines.append(start + "".join(f"{row[rule][name]:>10}" for name in COLUMNS))
    return "\n".join([*lines, "", EXPLAINED])


def _make_rules(codebook: Codebook) -> Rules:
    settings = make_settings({})
    at_most, min_score = settings.n_suggestions, settings.min_score
    pairs = list_contrasts(codebook)

    def offer_one_by_one(values: FloatArray) -> Offers:
        chosen = choose_codes(values, at_most=at_most, min_score=min_score)
        return choose_with_choices(values, chosen, (), at_most=at_most)

    def offer_choices(values: FloatArray) -> Offers:
        chosen = choose_codes(values, at_most=values.shape[1], min_score=min_score)
        return choose_with_choices(values, chosen, pairs, at_most=at_most)

    return dict(zip(RULES, (offer_one_by_one, offer_choices), strict=True))


def _judge(
    sentences: Sequence[Sentence], values: FloatArray, places: Places, rules: Rules
) -> list[Proposed]:
    offers = {name: offer(values) for name, offer in rules.items()}
    proposed = []
    for row, sentence in enumerate(sentences):
        right, wrong = places[sentence.right], places[sentence.wrong]
        outcomes = {name: _name_outcome(offers[name][row], right, wrong) for name in rules}
        proposed.append(Proposed(sentence, bool(values[row, right] > values[row, wrong]), outcomes))
    return proposed


def _name_outcome(offers: Sequence[Offer], right: int, wrong: int) -> str:
    place_of = {code: place for place, offer in enumerate(offers) for code in offer.codes}
    if right in place_of and wrong in place_of:
        return CHOICE if place_of[right] == place_of[wrong] else APART
    if right in place_of:
        return RIGHT
    return WRONG if wrong in place_of else NONE


def _count(proposed: Sequence[Proposed]) -> dict[str, Any]:
    counts: dict[str, Any] = {
        "sentences": len(proposed),
        "leads": sum(each.is_leading for each in proposed),
    }
    for rule in RULES:
        outcomes = Counter(each.outcomes[rule] for each in proposed)
        n_proposed = len(proposed) - outcomes[NONE]
        counts[rule] = {PROPOSED: n_proposed} | {name: outcomes[name] for name in OUTCOMES}
    return counts


def _texts_in(data: CodedData, language: str) -> list[str]:
    pairs = zip(data.texts, data.languages, strict=True)
    return [text for text, spoken in pairs if spoken == language]


if __name__ == "__main__":
    main()
