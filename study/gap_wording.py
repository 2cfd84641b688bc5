"""Says what the codebook may miss: always a question, and without counts where a study has none."""

from study.gaps import Gap, Gaps
from study.said import Said
from study.stance import Stance, may_show_agreement, name_suggestions

QUESTION = "A new code?"
NO_WORDS = "no words in common"
# A list that a person is to read; the groups of most participants come first.
MOST_SHOWN = 12


def describe_gap(gap: Gap, stance: Stance) -> str:
    """Say of a group how much it is and which words it shares; how much is a prevalence."""
    words = f"common words: {', '.join(gap.words)}" if gap.words else NO_WORDS
    return f"{count_gap(gap)}; {words}" if may_show_agreement(stance) else words


def count_gap(gap: Gap) -> Said:
    """Say how many excerpts of how many participants a group holds; a group has several."""
    counts = {"n": len(gap.excerpts), "participants": gap.n_participants}
    return Said("{n} excerpts of {participants} participants", counts)


def describe_basis(gaps: Gaps, stance: Stance, language: str = "en") -> list[Said]:
    """Say in sentences what was looked at and what could not be.

    Args:
        language: In which suggestions are named.
    """
    if not gaps.has_model:
        return []
    lines = [_tell_looked_at(gaps, stance, language)]
    if not gaps.n_finished:
        lines.append(
            Said("Nobody has finished an excerpt yet: this rests on what is proposed alone.")
        )
    if gaps.n_without_vector:
        lines.append(
            Said("Some excerpts cannot be compared yet. Run 'themeloop suggest' for them.")
        )
    if gaps.n_interviews_held:
        lines.append(_tell_held(gaps.n_interviews_held))
    if gaps.is_outdated:
        lines.append(
            Said(
                "The codebook was changed since. Run 'themeloop suggest': a code made from a group "
                "takes its excerpts out of here where it is proposed for them."
            )
        )
    return lines


def explain_none(gaps: Gaps, stance: Stance, language: str = "en") -> Said:
    """Say in a sentence why there is no group."""
    if not gaps.has_model:
        return Said(
            "No {many} were made yet, so it is not known what fits no code. "
            "Run 'themeloop suggest' first.",
            {"many": name_suggestions(stance, language=language)},
        )
    if not gaps.n_participants:
        return Said(
            "Every excerpt that was looked at fits a code: one was given, or one is proposed."
        )
    if gaps.n_participants == 1:
        return Said("What fits no code is of one participant alone; a group needs two of them.")
    return Said(
        "What fits no code has no group: no {fewest} excerpts of two participants are alike "
        "enough in meaning.",
        {"fewest": gaps.fewest},
    )


def _tell_held(n: int) -> Said:
    if n == 1:
        return Said(
            "One interview is left out: you have excerpts to code blind there, or nothing of it is "
            "in your queue."
        )
    return Said(
        "{n} interviews are left out: you have excerpts to code blind there, or nothing of them is "
        "in your queue.",
        {"n": n},
    )


def _tell_looked_at(gaps: Gaps, stance: Stance, language: str) -> Said:
    many = name_suggestions(stance, language=language)
    if not may_show_agreement(stance):
        return Said(
            "Looked at: excerpts that coders finished without a code, and unfinished ones without "
            "{many}.",
            {"many": many},
        )
    return Said(
        "Looked at: {coded} excerpts that coders finished without a code, and {unsuggested} "
        "unfinished ones without {many}.",
        {"coded": gaps.n_coded, "unsuggested": gaps.n_unsuggested, "many": many},
    )
