"""Whether ten times the interviews cost ten times the work, and one more only itself."""

import os
import shutil
from pathlib import Path
from typing import Any

from bench.made_talk import fill_inbox, make_talk_study, take_in_all
from bench.recorder import Record, read_record
from bench.sides import run_side
from bench.terminal import Report

TIMES = 10


def measure_growth(
    folder: Path, *, n_interviews: int, n_words: int, seed: int, report: Report
) -> dict[str, Any]:
    """Run over some interviews, over ten times as many, over one more, and over that one alone.

    Loading what a run needs is left out of the seconds: it is the same for one as for many.
    """
    few, many, alone = (folder / name for name in ("few", "many", "alone"))

    def add(place: Path, n: int, seed: int, prefix: str) -> tuple[float, Record]:
        return _add_and_run(
            place, n_interviews=n, n_words=n_words, seed=seed, prefix=prefix, report=report
        )

    few_s, few_record = add(few, n_interviews, seed, "talk")
    many_s, many_record = add(many, TIMES * n_interviews, seed, "talk")
    more_s, more_record = add(many, 1, seed + 1, "more")
    alone_s, alone_record = add(alone, 1, seed + 1, "more")
    # A new study encodes its codebook's descriptions first; the large one has them.
    texts = _texts(more_record)
    described_s = sum(call.seconds for call in alone_record.encoded if not texts & set(call.texts))
    shutil.rmtree(folder)
    return {
        "ten_times": round(many_s / few_s, 2),
        "one_more": round(more_s / (alone_s - described_s), 2),
        "growth": {
            "interviews": n_interviews,
            "words_each": n_words,
            "few_s": round(few_s, 2),
            "ten_times_s": round(many_s, 2),
            "one_more_s": round(more_s, 2),
            "alone_s": round(alone_s, 2),
            "codebook_s": round(described_s, 2),
            "texts_few": few_record.n_texts,
            "texts_ten_times": many_record.n_texts,
            "texts_one_more": more_record.n_texts,
            "texts_alone_without_codebook": len(_texts(alone_record) & texts),
        },
    }


def _texts(record: Record) -> set[str]:
    return {text for call in record.encoded for text in call.texts}


def _add_and_run(
    place: Path, *, n_interviews: int, n_words: int, seed: int, prefix: str, report: Report
) -> tuple[float, Record]:
    if not place.exists():
        make_talk_study(place).database.close()
    fill_inbox(
        place, n_interviews=n_interviews, n_words=n_words, seed=seed, prefix=prefix, report=report
    )
    take_in_all(place, report=report)
    record_file = place.with_suffix(".json")
    found = run_side("plain", place, record_file, environment=os.environ)
    assert found["n_interviews"] == n_interviews, "only what is new is queued"
    return found["run_s"], read_record(record_file)
