"""A study's stance: what may be shown of it, and what its suggestions are called."""

from typing import Literal

from study.errors import StudyError

# Braun and Clarke's three families of thematic analysis (2024, PMC11157981); empty: not set.
Stance = Literal["", "reflexive", "codebook", "coding reliability"]
REFLEXIVE: Stance = "reflexive"
CODEBOOK: Stance = "codebook"
CODING_RELIABILITY: Stance = "coding reliability"
EXPLAINED: dict[Stance, str] = {
    REFLEXIVE: "the researcher's own reading leads; no figures, and what the machine proposes is "
    "called a second reading",
    CODEBOOK: "a codebook orders the reading; agreement is shown to start a discussion",
    CODING_RELIABILITY: "coders are to apply one codebook alike; all figures are shown",
}
SUGGESTIONS = {"en": ("suggestion", "suggestions"), "nl": ("suggestie", "suggesties")}
SECOND_READINGS = {
    "en": ("second reading", "second readings"),
    "nl": ("tweede lezing", "tweede lezingen"),
}


def may_show_agreement(stance: Stance) -> bool:
    """Tell whether figures of agreement, acceptance, saturation or prevalence may be shown."""
    return stance != REFLEXIVE


def is_for_discussion(stance: Stance) -> bool:
    """Tell whether agreement is shown as a prompt for discussion."""
    return stance in ("", CODEBOOK)


def name_suggestions(stance: Stance, n: int = 2, *, language: str = "en") -> str:
    """Name so many suggestions as the study calls them, in English for want of the language."""
    names = SECOND_READINGS if stance == REFLEXIVE else SUGGESTIONS
    one, many = names.get(language, names["en"])
    return one if n == 1 else many


def count_suggestions(stance: Stance, n: int) -> str:
    """Say how many suggestions there are, as in "5 second readings"."""
    return f"{n} {name_suggestions(stance, n)}"


def describe_stance(stance: Stance) -> str:
    """Say in a line what a study's stance is, or how to set it."""
    if stance:
        return f"{stance}: {EXPLAINED[stance]}"
    *others, last = (f'"{each}"' for each in EXPLAINED)
    return (
        "not set; figures are shown as in a codebook study. Write into study.toml: "
        f"stance = {', '.join(others)} or {last}"
    )


def read_stance(said: str) -> Stance:
    """Read a stance as a person writes it: in any case, with a space or a hyphen.

    Raises:
        StudyError: It is none of the three.
    """
    name = " ".join(said.casefold().replace("-", " ").split())
    for stance in EXPLAINED:
        if stance == name:
            return stance
    raise StudyError(f"'{said}' is no stance. Choose one of: {', '.join(EXPLAINED)}.")
