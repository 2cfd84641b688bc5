"""What a run and the page cost at a million excerpts: `python -m bench.scale`."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import sqlalchemy as sa

from bench.databases import DATABASES, SQLITE, database_bytes, open_databases, version_of
from bench.idle import time_runs
from bench.made_talk import DRAWN, fill_inbox, make_talk_study
from bench.page_load import N_WORDS, time_page
from bench.processor import describe_processor
from bench.scale_run import run_in_a_process
from bench.terminal import Report, one_line_errors, progress_bars
from models.encoder import load_encoder
from study import tables as t
from study.errors import StudyError
from study.folder import open_study
from study.transcripts import read_excerpts, read_transcript

SIZE, LEAST = 10_000, 600
# What an interview of so many words is cut into, about.
EXCERPTS_EACH = 200
# What is added under the page, before each run and in all: a study that has grown by half has its
# suggestions renewed under the coders.
SHARE_ADDED, MOST_ADDED, MOST_GROWTH = 0.02, 50, 0.4
FROM_RUN = (
    "cpu_s",
    "peak_mb",
    "start_mb",
    "texts_encoded",
    "words_encoded",
    "made_encoder_s",
    "steps_s",
    "peak_mb_by_step",
)
COLUMNS = {
    "excerpts": "excerpts",
    "run_s": "run, s",
    "cpu_s": "processor, s",
    "excerpts_per_s": "excerpts/s",
    "throughput_to_smallest": "to smallest",
    "peak_mb": "memory, MB",
    "database_mb": "database, MB",
    "idle_s": "idle, s",
    "page_p95_ms": "page p95, ms",
    "decision_p95_ms": "decision p95",
}
Json = dict[str, Any]
NOTE = (
    f"{DRAWN} Files lie in the inbox, and 'suggest' takes them through every step with the "
    "settings as they come. A MADE ENCODER stands in for the real one, whose work is the same a "
    "text however many there are: real_encoder says how fast that is here, and hours_with_encoder "
    "what the whole run would take. Memory is that of the run's process, without a database "
    "server's. The page is timed while further interviews are added and run over; the made encoder "
    "lets those runs write without a pause, which is harder on coders than a real one."
)


@click.command()
@click.option(
    "--excerpts",
    "sizes",
    type=click.IntRange(min=LEAST),
    multiple=True,
    default=(SIZE,),
    show_default=True,
    help="About so many; may be given several times.",
)
@click.option("--database", type=click.Choice(DATABASES), default=SQLITE, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(sizes: Sequence[int], database: str, seed: int, as_json: bool) -> None:
    """Take made interviews through a run, and time the page on them while further runs go on."""
    with (
        one_line_errors(),
        progress_bars() as report,
        TemporaryDirectory(prefix="themeloop-bench-") as folder,
        open_databases(database) as new_database,
    ):
        rows = [
            measure_size(
                Path(folder) / f"of-{size}",
                database_url=new_database(),
                n_excerpts=size,
                seed=seed,
                report=report,
            )
            for size in sorted(sizes)
        ]
        encoder = time_encoder(Path(folder) / f"of-{min(sizes)}", report=report)
    figures = compare_sizes(rows, encoder)
    figures |= {"processor": describe_processor(), "note": NOTE}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def measure_size(
    folder: Path, *, database_url: str | None, n_excerpts: int, seed: int, report: Report
) -> Json:
    """Measure one size: the first run, the database, an idle run, and the page during further ones.

    Raises:
        StudyError: A run failed, or set interviews aside.
    """
    make_talk_study(folder, database_url=database_url).database.close()
    n_interviews = max(1, n_excerpts // EXCERPTS_EACH)
    fill_inbox(
        folder,
        n_interviews=n_interviews,
        n_words=N_WORDS,
        seed=seed,
        prefix="talk",
        report=report,
    )
    ran = run_in_a_process(folder)
    if ran["n_interviews"] != n_interviews:
        raise StudyError(f"{ran['n_interviews']} of {n_interviews} interviews were queued.")
    facts = _look(folder)
    report("Idle run, page", 0, 2)
    idle, _ = time_runs(folder, n_rounds=1, what="Idle run", report=report)
    report("Idle run, page", 1, 2)
    n_added = min(MOST_ADDED, max(1, round(SHARE_ADDED * n_interviews)))
    n_runs = int(MOST_GROWTH * n_interviews / n_added)
    page = time_page(folder, n_added=n_added, n_runs=n_runs, seed=seed)
    report("Idle run, page", 2, 2)
    return {
        **facts,
        "interviews": n_interviews,
        "excerpts_per_s": round(facts["excerpts"] / ran["seconds"], 1),
        **{name: ran[name] for name in FROM_RUN},
        "run_s": round(ran["seconds"], 1),
        "idle_s": round(idle[0], 2),
        **page,
    }


def time_encoder(folder: Path, *, report: Report) -> Json:
    """Time the real encoder on the excerpts of a study's first interview."""
    study = open_study(folder)
    with study.database.read() as connection:
        first = connection.scalars(sa.select(sa.func.min(t.transcript_version.c.id))).one()
        excerpts = read_excerpts(connection, read_transcript(connection, first))
    study.database.close()
    texts = [excerpt.text for excerpt in excerpts]
    encoder = load_encoder(study.settings.encoder)
    encoder.encode(texts[:8])
    report("The real encoder", 0, 1)
    started = time.perf_counter()
    encoder.encode(texts)
    seconds = time.perf_counter() - started
    report("The real encoder", 1, 1)
    return {
        "name": study.settings.encoder,
        "texts_per_s": round(len(texts) / seconds, 1),
        "words_per_s": round(sum(len(text.split()) for text in texts) / seconds),
    }


def compare_sizes(rows: Sequence[Json], encoder: Json) -> Json:
    """Set sizes beside the smallest, and say what the real encoder would add."""
    first = rows[0]["excerpts_per_s"]
    return {
        "sizes": [
            {
                **row,
                "throughput_to_smallest": round(row["excerpts_per_s"] / first, 3),
                "hours_with_encoder": round(_seconds_with(encoder, row) / 3600, 2),
            }
            for row in rows
        ],
        "real_encoder": encoder,
    }


def draw_table(figures: Json) -> str:
    """Draw the figures for people, a size a line, and the steps of each."""
    lines = ["".join(f"{head:>14}" for head in COLUMNS.values())]
    for row in figures["sizes"]:
        lines.append("".join(f"{row[name]:>14,}" for name in COLUMNS))
    for row in figures["sizes"]:
        lines += ["", f"{row['excerpts']:,} excerpts, {row['database']}:"]
        lines += [
            f"  {step:<22}{seconds:>10,} s{row['peak_mb_by_step'][step]:>10,} MB at most until then"
            for step, seconds in row["steps_s"].items()
        ]
    return "\n".join([*lines, "", str(figures["real_encoder"]), figures["processor"], NOTE])


def _look(folder: Path) -> Json:
    study = open_study(folder)
    with study.database.read() as connection:
        n_excerpts = connection.scalar(sa.select(sa.func.count()).select_from(t.excerpt))
        n_queued = connection.scalar(sa.select(sa.func.count()).select_from(t.queue_item))
    facts = {
        "database": version_of(study),
        "excerpts": int(n_excerpts or 0),
        "queued": int(n_queued or 0),
        "database_mb": round(database_bytes(study) / 1e6, 1),
    }
    study.database.close()
    return facts


def _seconds_with(encoder: Json, row: Json) -> float:
    encoding_s = row["words_encoded"] / encoder["words_per_s"]
    return float(row["run_s"] - row["made_encoder_s"] + encoding_s)


if __name__ == "__main__":
    main()
