"""Interviews and codebooks of made-up words, for benchmarks of speed."""

from collections.abc import Sequence
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from codebook.records import Code, Codebook, Theme, ThemeWording, Wording
from study.records import CodedInterview, GivenExcerpt

N_CODES = 22
N_THEMES = 6
EXCERPTS_EACH = 100
# Every fifth turn asks, in a few words.
ASKING = 5
SYLLABLES = [first + second for first in "bdgklmnrs" for second in "aeo"]
MADE_UP = "Words are made of drawn syllables, codes are drawn: nobody said any of it."


def draw_interviews(
    rng: np.random.Generator, *, n_excerpts: int, prefix: str = "made"
) -> list[CodedInterview]:
    """Draw interviews of made-up words, so many excerpts in all."""
    words = draw_words(rng)
    lengths = [EXCERPTS_EACH] * (n_excerpts // EXCERPTS_EACH)
    lengths += [rest] if (rest := n_excerpts % EXCERPTS_EACH) else []
    return [
        CodedInterview(
            label=f"{prefix}-{number:05d}",
            dataset="made-up",
            language="en",
            participant=f"{prefix}-p{number:05d}",
            excerpts=tuple(
                _draw_excerpt(rng, words, f"{prefix}-{number:05d}", p) for p in range(n)
            ),
            codings=(),
        )
        for number, n in enumerate(lengths)
    ]


def draw_words(rng: np.random.Generator) -> list[str]:
    """Draw a vocabulary of words that are in no language."""
    return ["".join(rng.choice(SYLLABLES, size=rng.integers(1, 4))) for _ in range(2_000)]


def make_codebook(seed: int) -> Codebook:
    """Make a codebook of made-up codes, some of them in each theme; of a seed always the same."""
    rng = np.random.default_rng(seed)
    words = draw_words(rng)
    codes = tuple(_draw_code(rng, words, number) for number in range(N_CODES))
    themes = tuple(
        Theme(
            guid=make_guid(f"theme {number}"),
            key=f"theme_{number}",
            wordings={"en": ThemeWording(f"Theme {number}", _say(rng, words, 12), "")},
            codes=tuple(code.guid for code in codes[number::N_THEMES]),
        )
        for number in range(N_THEMES)
    )
    return Codebook("Made up", "en", MADE_UP, codes=codes, relations=(), themes=themes)


def _draw_interview(
    rng: np.random.Generator, words: Sequence[str], label: str, n_excerpts: int
) -> CodedInterview:
    return CodedInterview(
        label=label,
        dataset="made-up",
        language="en",
        participant=f"p-{label}",
        excerpts=tuple(_draw_excerpt(rng, words, label, place) for place in range(n_excerpts)),
        codings=(),
    )


def _draw_excerpt(
    rng: np.random.Generator, words: Sequence[str], interview: str, position: int
) -> GivenExcerpt:
    is_asking = position % ASKING == 0
    n_words = 12 if is_asking else max(12, int(rng.normal(60, 20)))
    speaker = "interviewer" if is_asking else "participant"
    return GivenExcerpt(f"{interview}_e{position}", position, speaker, _say(rng, words, n_words))


def _draw_code(rng: np.random.Generator, words: Sequence[str], number: int) -> Code:
    name = " ".join(rng.choice(words, size=2)).capitalize()
    wording = Wording(
        name=f"{name} {number}",
        definition=_say(rng, words, 25),
        include=(_say(rng, words, 10),),
        examples=(_say(rng, words, 20), _say(rng, words, 20)),
    )
    return Code(guid=make_guid(f"code {number}"), key=f"code_{number}", wordings={"en": wording})


def _say(rng: np.random.Generator, words: Sequence[str], n: int) -> str:
    return " ".join(rng.choice(words, size=n)).capitalize() + "."


def make_guid(name: str) -> str:
    """Make a GUID that is always the same for a name."""
    return str(uuid5(NAMESPACE_OID, f"themeloop bench {name}")).upper()
