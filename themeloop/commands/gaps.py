"""The command that asks which codes the codebook may miss, and makes one where a person says so."""

from pathlib import Path
from typing import Any

import click

from pipeline.gaps import find_gaps
from study.clock import utc_now
from study.folder import Study, open_study
from study.gap_wording import MOST_SHOWN, QUESTION, describe_basis, describe_gap, explain_none
from study.gaps import Gap, Gaps, LooseExcerpt, NewCode, make_code
from study.stance import may_show_agreement
from themeloop.terminal import json_option, say, study_option


@click.command()
@click.option("--quotes", is_flag=True, help="Print the most central quotes of each group, too.")
@click.option("--make", "number", type=int, help="Make a code of the group with this number.")
@click.option("--key", help="The new code's short name.")
@click.option("--name", help="The new code's name.")
@click.option("--definition", help="What the new code means.")
@click.option(
    "--with-examples", is_flag=True, help="Put the group's central quotes into the codebook."
)
@study_option
@json_option
def gaps(
    quotes: bool,
    number: int | None,
    key: str | None,
    name: str | None,
    definition: str | None,
    with_examples: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Ask which codes the codebook may miss: excerpts that fit no code, grouped by meaning."""
    said = (key, name, definition)
    if number is None and (with_examples or any(part is not None for part in said)):
        raise click.UsageError("--key, --name, --definition and --with-examples go with --make.")
    if number is not None and any(part is None for part in said):
        raise click.UsageError("--make goes with --key, --name and --definition.")
    study = open_study(folder)
    found = find_gaps(study)
    if number is None:
        say(as_json, lay_out(study, found, quotes=quotes), as_text(study, found, quotes=quotes))
        return
    gap = found.find(number)
    examples = tuple(quote.text for quote in gap.quotes) if with_examples else ()
    new = NewCode(key or "", name or "", definition or "", examples)
    say(as_json, *add_new_code(study, new, gap))


def add_new_code(study: Study, new: NewCode, gap: Gap) -> tuple[dict[str, Any], str]:
    """Add a code to the study's codebook, and say what is to be done next."""
    with study.database.write() as connection:
        version = make_code(connection, new, gap, actor=study.settings.coder, now=utc_now())
    code = version.codebook.codes[-1]
    line = (
        f"Added the code '{code.key}': the codebook is now version {version.number}. Next: "
        "themeloop suggest. Write the code into your own codebook file, too, with the same key."
    )
    if new.examples:
        line += f" {len(new.examples)} quotes stand in the codebook now, and go where it goes."
    return {"key": code.key, "guid": code.guid, "version": version.number}, line


def lay_out(study: Study, found: Gaps, *, quotes: bool) -> dict[str, Any]:
    """Lay the groups out for a program: ids and figures, words of interviews where asked."""
    figures = {
        "n_finished": found.n_finished,
        "n_coded_without_a_code": found.n_coded,
        "n_unfinished_without_suggestion": found.n_unsuggested,
        "n_without_vector": found.n_without_vector,
        "is_outdated": found.is_outdated,
    }
    with_counts = may_show_agreement(study.settings.stance)
    return {
        "gaps": [_lay_out_gap(gap, quotes=quotes, with_counts=with_counts) for gap in found.gaps],
        **(figures if with_counts else {"is_outdated": found.is_outdated}),
        "none": None if found.gaps else str(explain_none(found, study.settings.stance)),
    }


def as_text(study: Study, found: Gaps, *, quotes: bool) -> str:
    """Lay the groups out to be read, each as a question."""
    stance = study.settings.stance
    lines = []
    for gap in found.gaps[:MOST_SHOWN]:
        lines.append(f"{gap.number}. {QUESTION} {describe_gap(gap, stance)}")
        lines += [f"     {_cite(quote)}" for quote in gap.quotes if quotes]
    if not lines:
        lines.append(str(explain_none(found, stance)))
    if len(found.gaps) > MOST_SHOWN:
        lines.append(f"and {len(found.gaps) - MOST_SHOWN} more (--json lists all)")
    return "\n".join([*lines, *map(str, describe_basis(found, stance))])


def _cite(quote: LooseExcerpt) -> str:
    return f"“{' '.join(quote.text.split())}” ({quote.participant}, {quote.label})"


def _lay_out_gap(gap: Gap, *, quotes: bool, with_counts: bool) -> dict[str, Any]:
    figures = {
        "n_excerpts": len(gap.excerpts),
        "n_participants": gap.n_participants,
        "cohesion": gap.cohesion,
    }
    said = [
        {"excerpt": quote.label, "participant": quote.participant, "text": quote.text}
        for quote in gap.quotes
    ]
    return {
        "number": gap.number,
        "id": gap.id,
        **(figures if with_counts else {}),
        "words": list(gap.words),
        "excerpts": [excerpt.label for excerpt in gap.excerpts],
        **({"quotes": said} if quotes else {}),
    }
