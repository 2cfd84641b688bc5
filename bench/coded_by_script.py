"""Codes a human-coded set again on the page, as the human did, and counts what that costs."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.review_study import CODER
from bench.scripted_coder import Coded, Json, ScriptedCoder, open_tab
from bench.serve import serve_in_a_process
from bench.terminal import Report
from codebook.reader import read_codebook
from codebook.records import Codebook
from pipeline.learning.keep import learn_if_free
from pipeline.order import learn_in_order, suggest_in_order
from pipeline.run import run_if_free
from pipeline.transcripts.coded_csv import read_coded_csv
from pipeline.work import call_plainly
from study.clock import utc_now
from study.codebooks import current_codebook
from study.coded_file import take_in
from study.errors import InputError
from study.folder import create_study, open_study
from study.records import CodedInterview
from study.review_queue import derive_states, find_coder
from study.settings import make_settings
from study.transcripts import list_transcripts, read_excerpts

N_EXCERPTS = 100
THINKING = (
    "Nobody thinks: the seconds are what keys, page and browser take, with the driver's own 2 to "
    "5 ms a key. The coder gives what the human gave: by its digit where it is suggested, else by "
    "the fewest letters that find it. What is drawn blind, about a tenth, is coded so, too."
)


def code_again(data_file: Path, *, seed: int, report: Report) -> Json:
    """Code a hundred excerpts of a set by descriptions only, and after learning from the others.

    Raises:
        InputError: The file is not sound, or its codebook does not lie beside it.
    """
    book = _read_book(data_file)
    first, others = _part(read_coded_csv(data_file, book.by_key))
    name = data_file.stem
    with TemporaryDirectory(prefix="themeloop-bench-") as folder:
        plain, learnt = Path(folder) / "plain", Path(folder) / "learnt"
        report(f"Proposing for {name}", 0, 2)
        _make_study(plain, [*(replace(each, codings=()) for each in first), *others], book)
        shutil.copytree(plain, learnt)
        report(f"Proposing for {name}", 1, 2)
        learn_if_free(learnt, partial(learn_in_order, call_plainly, is_asked=True))
        report(f"Proposing for {name}", 2, 2)
        given = _read_given(first, book)
        codes = [code.guid for code in book.codes]
        figures = {
            key: _code_in(place, given, codes, what=f"Coding {key}", report=report)
            for key, place in ((name, plain), (f"{name}_learnt", learnt))
        }
    figures[name]["learnt_from"] = 0
    figures[f"{name}_learnt"]["learnt_from"] = len(others)
    return figures


def count_up(coded: Sequence[Coded]) -> Json:
    """Count what coding some excerpts took."""
    return {
        "excerpts": len(coded),
        "keys": sum(each.keys for each in coded),
        "seconds": round(sum(each.seconds for each in coded), 2),
        "codes_by_digit": sum(each.by_digit for each in coded),
        "codes_by_picker": sum(each.by_picker for each in coded),
        "excerpts_without_suggestion": sum(each.is_bare for each in coded),
        "note": THINKING,
    }


def _read_book(data_file: Path) -> Codebook:
    path = data_file.with_suffix(".codebook.yaml")
    if not path.exists():
        raise InputError([f"{path}: is not there. Put the codebook of {data_file.name} there."])
    return read_codebook(path)


def _part(
    interviews: Sequence[CodedInterview],
) -> tuple[list[CodedInterview], list[CodedInterview]]:
    """Part interviews into the first ones that have enough excerpts, and the others."""
    n_taken, n_excerpts = 0, 0
    while n_taken < len(interviews) and n_excerpts < N_EXCERPTS:
        n_excerpts += len(interviews[n_taken].excerpts)
        n_taken += 1
    return list(interviews[:n_taken]), list(interviews[n_taken:])


def _make_study(folder: Path, interviews: Sequence[CodedInterview], book: Codebook) -> None:
    settings = make_settings(
        {"name": "Coded again", "coder": CODER, "language": "en", "open_without_password": True}
    )
    study = create_study(folder, settings, now=utc_now())
    take_in(study, interviews, book, is_segmenting=False, now=utc_now())
    study.database.close()
    run_if_free(folder, partial(suggest_in_order, call_plainly))


def _read_given(
    interviews: Sequence[CodedInterview], book: Codebook
) -> dict[tuple[str, str], list[str]]:
    """Read what the first of an excerpt's coders gave, by interview and excerpt, as GUIDs."""
    given: dict[tuple[str, str], list[str]] = {}
    for interview in interviews:
        for coding in interview.codings:
            guids = [book.by_key[key].guid for key in coding.keys]
            given.setdefault((interview.label, coding.excerpt_label), guids)
    return given


def _code_in(
    folder: Path,
    given: Mapping[tuple[str, str], list[str]],
    codes: Sequence[str],
    *,
    what: str,
    report: Report,
) -> Json:
    wanted = {row: given.get(label, []) for row, label in _read_labels(folder).items()}
    coded = []
    with serve_in_a_process(folder) as address, open_tab() as tab:
        coder = ScriptedCoder(tab, address)
        coder.begin()
        coder.learn_names(codes)
        for number in range(N_EXCERPTS):
            report(what, number, N_EXCERPTS)
            coded.append(coder.code(wanted[coder.excerpt_id]))
        coder.wait_saved()
    report(what, N_EXCERPTS, N_EXCERPTS)
    return {**count_up(coded), "stored_as_the_human_gave": _count_right(folder, wanted)}


def _count_right(folder: Path, wanted: Mapping[int, Sequence[str]]) -> int:
    """Count the finished excerpts for which is stored what the human gave."""
    study = open_study(folder)
    with study.database.read() as connection:
        coder_id = find_coder(connection, CODER)
        guids = {row: guid for guid, row in current_codebook(connection).code_ids.items()}
        states = {
            excerpt_id: state
            for transcript in list_transcripts(connection)
            for (excerpt_id, coder), state in derive_states(connection, transcript.id).items()
            if coder == coder_id
        }
    study.database.close()
    return sum(
        state.is_done and {guids[row] for row in state.given} == set(wanted[excerpt_id])
        for excerpt_id, state in states.items()
    )


def _read_labels(folder: Path) -> dict[int, tuple[str, str]]:
    """Read which interview and excerpt each row is."""
    study = open_study(folder)
    with study.database.read() as connection:
        labels = {
            excerpt.id: (transcript.interview, excerpt.label)
            for transcript in list_transcripts(connection)
            for excerpt in read_excerpts(connection, transcript)
        }
    study.database.close()
    return labels
