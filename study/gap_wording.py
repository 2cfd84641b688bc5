"""Says what the codebook may miss: always a question, and without counts where a study has none."""

from study.gaps import Gap, Gaps
from study.stance import Stance, may_show_agreement, name_suggestions

QUESTION = "A new code?"
# A list that a person is to read; the groups of most participants come first.
MOST_SHOWN = 12


def describe_gap(gap: Gap, stance: Stance) -> str:
    """Say of a group how much it is and which words it shares; how much is a prevalence."""
    words = f"common words: {', '.join(gap.words)}" if gap.words else "no words in common"
    return f"{count_gap(gap)}; {words}" if may_show_agreement(stance) else words


def count_gap(gap: Gap) -> str:
    """Say how many excerpts of how many participants a group holds; a group has several."""
    return f"{len(gap.excerpts)} excerpts of {gap.n_participants} participants"


def describe_basis(gaps: Gaps, stance: Stance) -> list[str]:
    """Say in sentences what was looked at and what could not be."""
    if not gaps.has_model:
        return []
    lines = [_tell_looked_at(gaps, stance)]
    if not gaps.n_finished:
        lines.append("Nobody has finished an excerpt yet: this rests on what is proposed alone.")
    if gaps.n_without_vector:
        lines.append("Some excerpts cannot be compared yet. Run 'themeloop suggest' for them.")
    if n := gaps.n_interviews_held:
        lines.append(
            f"{n} {'interview is' if n == 1 else 'interviews are'} left out: you have excerpts to "
            "code blind there, or nothing of it is in your queue."
        )
    if gaps.is_outdated:
        lines.append(
            "The codebook was changed since. Run 'themeloop suggest': a code made from a group "
            "takes its excerpts out of here where it is proposed for them."
        )
    return lines


def explain_none(gaps: Gaps, stance: Stance) -> str:
    """Say in a sentence why there is no group."""
    many = name_suggestions(stance)
    if not gaps.has_model:
        return (
            f"No {many} were made yet, so it is not known what fits no code. "
            "Run 'themeloop suggest' first."
        )
    if not gaps.n_participants:
        return "Every excerpt that was looked at fits a code: one was given, or one is proposed."
    if gaps.n_participants == 1:
        return "What fits no code is of one participant alone; a group needs two of them."
    return (
        f"What fits no code has no group: no {gaps.fewest} excerpts of two participants are alike "
        "enough in meaning."
    )


def _tell_looked_at(gaps: Gaps, stance: Stance) -> str:
    many = name_suggestions(stance)
    if not may_show_agreement(stance):
        return (
            "Looked at: excerpts that coders finished without a code, and unfinished ones without "
            f"{many}."
        )
    return (
        f"Looked at: {gaps.n_coded} excerpts that coders finished without a code, and "
        f"{gaps.n_unsuggested} unfinished ones without {many}."
    )
