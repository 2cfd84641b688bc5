"""How fast the page is, key to painted, and what coding on it costs: `python -m bench.review`."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.coded_by_script import code_again
from bench.made_up import MADE_UP
from bench.processor import describe_processor
from bench.review_study import make_review_study
from bench.scripted_coder import Json, ScriptedCoder, open_tab
from bench.serve import serve_in_a_process
from bench.server_times import summarise, time_answers
from bench.terminal import Report, one_line_errors, progress_bars

SIZES = (1_000, 100_000)
SERDIF = Path("../shared/data/serdif.csv")
# A person takes longer; so long the page has to fetch ahead at least.
WAIT_SECONDS = 0.3
N_PRESSES = 120
# The first excerpts are painted while the browser compiles the page's scripts.
N_WARM_UP = 10
NOTE = (
    f"{MADE_UP} From the key being heard to the next excerpt being on the screen, as the page "
    f"marks it. The first {N_WARM_UP} presses are left out."
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--size",
    "--sizes",
    "sizes",
    type=click.IntRange(min=400),
    multiple=True,
    default=SIZES,
    show_default=True,
    help="Excerpts in the study; may be given several times.",
)
@click.option(
    "--presses", "n_presses", type=click.IntRange(min=1), default=N_PRESSES, show_default=True
)
@click.option(
    "--serdif",
    "data_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=SERDIF,
    show_default=True,
    help="A human-coded file that is coded again; its codebook lies beside it.",
)
@click.option("--seed", type=int, default=0, show_default=True)
def main(as_json: bool, sizes: Sequence[int], n_presses: int, data_file: Path, seed: int) -> None:
    """Time the page in a real browser on made-up studies, and code a human-coded set on it."""
    with one_line_errors(), progress_bars() as report:
        figures: Json = {
            str(size): measure_size(size, n_presses=n_presses, seed=seed, report=report)
            for size in sizes
        }
        if data_file.exists():
            figures |= code_again(data_file, seed=seed, report=report)
    figures |= {"processor": describe_processor(), "note": NOTE}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def measure_size(size: int, *, n_presses: int, seed: int, report: Report) -> Json:
    """Measure a study of so many excerpts: as a person presses keys, in a burst, and the server."""
    with TemporaryDirectory(prefix="themeloop-bench-") as folder:
        place = Path(folder) / "study"
        make_review_study(place, n_excerpts=size, seed=seed, report=report).database.close()
        with serve_in_a_process(place) as address, open_tab() as tab:
            coder = ScriptedCoder(tab, address)
            coder.begin()
            what = f"Pressing keys, {size:,}"
            calm = _press(coder, n_presses, wait_seconds=WAIT_SECONDS, what=what, report=report)
            burst = _press(coder, n_presses, wait_seconds=0, what=f"{what}, burst", report=report)
            answers = time_answers(address, coder.token, coder.excerpt_id)
    return {**summarise(calm), "burst": summarise(burst), "server_ms": answers}


def draw_table(figures: Json) -> str:
    """Draw the figures for people."""
    lines = [f"{'excerpts':>10}{'p50':>8}{'p95':>8}{'burst p95':>11}   ms, key to painted"]
    for name, each in figures.items():
        if name.isdigit():
            cells = f"{each['p50_ms']:>8}{each['p95_ms']:>8}{each['burst']['p95_ms']:>11}"
            lines.append(f"{int(name):>10,}{cells}")
    for name in ("serdif", "serdif_learnt"):
        if name in figures:
            lines.append(f"{name}: {json.dumps(figures[name])}")
    return "\n".join([*lines, figures["processor"], figures["note"]])


def _press(
    coder: ScriptedCoder, n_presses: int, *, wait_seconds: float, what: str, report: Report
) -> list[float]:
    """Code as a person does: the first suggestion given, the second rejected, and on."""
    times = []
    for number in range(N_WARM_UP + n_presses):
        report(what, number, N_WARM_UP + n_presses)
        for key in list_keys(number, n_digits=coder.n_shown):
            time.sleep(wait_seconds)
            coder.press(key)
        time.sleep(wait_seconds)
        times.append(coder.finish())
    report(what, N_WARM_UP + n_presses, N_WARM_UP + n_presses)
    return times[N_WARM_UP:]


def list_keys(number: int, *, n_digits: int) -> list[str]:
    """List what is pressed before Enter: now the first is given, now the second rejected."""
    give, reject = ["1"][:n_digits], ["Shift+Digit2"][: max(0, n_digits - 1)]
    return [give, reject, [*give, *reject], []][number % 4]


if __name__ == "__main__":
    main()
