"""The command with which a person checks the pseudonyms and marks a name that was missed."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from codebook.writer import write_codebook
from pipeline.identifying.gazetteer import GAZETTEER, KEEP, Entry, Gazetteer, add_to_gazetteer
from pipeline.identifying.identifiers import find_listed
from pipeline.linguistics import function_words
from pipeline.names import NameList, list_names, redact_marked_names
from pipeline.run import hold_study
from pipeline.transcripts.csv_text import write_csv
from pipeline.work import Work
from study.codebooks import current_codebook
from study.errors import StudyError
from study.folder import Study, open_study
from study.name_key import KeyRecord, read_key
from themeloop.terminal import json_option, say, study_option

MOST_POSSIBLE = 40


@click.command()
@click.option("--mark", "word", help="Mark a name; it is replaced wherever it is stored.")
@click.option("--as", "category", help="What the name marked is: CHILD, TOWN, …; KEEP: no name.")
@click.option("--participant", help="The name belongs to this participant only.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Show which names the pseudonyms stand for, with the key file that init made.",
)
@study_option
@json_option
def names(
    word: str | None,
    category: str | None,
    participant: str | None,
    key_file: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """List pseudonyms and words that may still be names; mark a name that was missed."""
    study = open_study(folder)
    if (word is None) != (category is None):
        raise click.UsageError("--mark and --as go together.")
    if word is not None and category is not None:
        say(as_json, *mark_name(study, Entry(word, category, participant)))
    elif key_file is not None:
        say(as_json, *show_key(read_key(study, key_file)))
    else:
        listed = list_names(study)
        say(as_json, asdict(listed), as_text(listed))


def mark_name(study: Study, entry: Entry) -> tuple[dict[str, Any], str]:
    """Write a name into the gazetteer and replace it in everything that is stored.

    Raises:
        StudyError: It is a word like "ik" or "the", and would be replaced everywhere.
    """
    if entry.category != KEEP and any(
        entry.name.casefold() in function_words(language) for language in ("en", "nl")
    ):
        raise StudyError(
            f"'{entry.name}' is an ordinary word: nothing was replaced. If somebody is called so, "
            f"write it into {GAZETTEER} yourself, with 'exact' under 'match'."
        )
    with hold_study(study):
        add_to_gazetteer(study.folder / GAZETTEER, entry)
        redaction = redact_marked_names(Work(study))
    if not redaction.n_replaced and not redaction.n_elsewhere:
        line = "Marked. It stands nowhere in the stored text."
    else:
        line = (
            f"Marked. Replaced in {redaction.n_replaced} places of {redaction.n_transcripts} "
            f"transcripts and in {redaction.n_elsewhere} labels and memos; vectors and models made "
            "of them are deleted. Next: themeloop suggest"
        )
    n_quoted = count_in_codebook(study, entry)
    if n_quoted:
        line += f" It also stands in the codebook ({n_quoted} times): change it there."
    return {**asdict(redaction), "n_in_codebook": n_quoted}, line


def count_in_codebook(study: Study, entry: Entry) -> int:
    """Count where a name stands in the codebook, which is its author's to change."""
    with study.database.read() as connection:
        try:
            book = current_codebook(connection).codebook
        except StudyError:
            return 0
    shared = Entry(entry.name, entry.category, also=entry.also, is_exact=entry.is_exact)
    text = write_codebook(book)
    return len(find_listed(text, Gazetteer((shared,)), language=book.language))


def show_key(records: list[KeyRecord]) -> tuple[dict[str, Any], str]:
    """Lay the key out: these are the real names."""
    cells = [(record.participant, record.pseudonym, record.name) for record in records]
    table = write_csv([("participant", "pseudonym", "name"), *sorted(cells)])
    return {"names": [asdict(record) for record in records]}, table.rstrip("\n")


def as_text(listed: NameList) -> str:
    """Lay the list out to be read."""
    lines = [f"{category}: {n} in {places} places" for category, n, places in listed.pseudonyms]
    if listed.possible:
        lines += ["", "Words that may be names; mark one with: themeloop names --mark WORD --as …"]
    lines += [
        f"  {word}  {n}x in {', '.join(where)}"
        for word, n, where in listed.possible[:MOST_POSSIBLE]
    ]
    more = len(listed.possible) - MOST_POSSIBLE
    if more > 0:
        lines.append(f"  and {more} more (--json lists all)")
    return "\n".join([*lines, "", *listed.limits]).strip() or "No transcript is stored yet."
