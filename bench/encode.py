"""How fast texts become vectors, against sentence-transformers: `python -m bench.encode`."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from bench.coded import read_texts
from bench.processor import describe_processor
from bench.terminal import Report, one_line_errors, progress_bars
from models import reference, verdict
from models.cache import default_cache
from models.e5 import convert_e5
from models.encoder import DEFAULT_ENCODER, identify_encoder, load_encoder
from models.fast_path import SETTINGS, FastEncoder
from models.packages import MINILM_TOKENIZER, MINILM_WEIGHTS, locate_verified
from models.vectors import FloatArray, smallest_cosine, unit_rows
from models.windows import is_within_window
from study.errors import InputError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM = "all-MiniLM-L6-v2"
SAMPLE = Path(__file__).parents[1] / "data" / "codings.csv"
SMALL = "These are few texts: speeds vary from run to run. Give a larger file with --texts."
FEW = 1_000

Encode = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True)
class Sides:
    """Two ways to encode the same texts, and which texts the reference hears in full."""

    reference: Encode
    ours: Encode
    is_whole: Sequence[bool]
    arithmetic: str = ""


@click.command()
@click.option(
    "--texts",
    "texts_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SAMPLE,
    help="A coded CSV, or a text file with one text a line (default: the small synthetic sample).",
)
@click.option("--rounds", "n_rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--at-once",
    "n_at_once",
    type=click.IntRange(min=1),
    help="Texts in a call, in the file's order; a run encodes an interview at once (default: all).",
)
@click.option(
    "--openvino",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="One of OpenVINO's settings, such as INFERENCE_PRECISION_HINT=f32; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    texts_file: Path,
    n_rounds: int,
    n_at_once: int | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Encode each distinct text by sentence-transformers and by us, in turns, in one process."""
    with one_line_errors(), tempfile.TemporaryDirectory() as folder:
        texts = read_any_texts(texts_file)
        calls = cut_calls(texts, n_at_once or len(texts))
        settings = _read_settings(overrides)
        sources = {
            DEFAULT_ENCODER: convert_e5(Path(folder) / "e5"),
            MINILM: _minilm_folder(),
        }
        with progress_bars() as report:
            encoders = {
                name: compare_encoders(
                    _load_sides(name, source, texts, settings),
                    calls,
                    n_rounds=n_rounds,
                    report=report,
                )
                for name, source in sources.items()
            }
    figures = {
        **encoders[DEFAULT_ENCODER],
        "encoder": DEFAULT_ENCODER,
        "processor": describe_processor(),
        "texts": len(texts),
        "words": sum(len(text.split()) for text in texts),
        "rounds": n_rounds,
        "texts_at_once": len(calls[0]),
        "encoders": encoders,
        "note": SMALL if len(texts) < FEW else "",
    }
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def read_any_texts(path: Path) -> list[str]:
    """List the distinct texts of a coded CSV, or the distinct lines of any other file.

    Raises:
        InputError: It is not sound, or has no text.
    """
    if path.suffix.lower() == ".csv":
        return read_texts(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            [f"{path.name}: byte {error.start} is not UTF-8. Save it as UTF-8."]
        ) from error
    texts = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not texts:
        raise InputError([f"{path.name} holds no text. Expected one text a line."])
    return texts


def cut_calls(texts: list[str], n_at_once: int) -> list[list[str]]:
    """Cut a list into calls of so many texts; the last may have fewer."""
    return [texts[start : start + n_at_once] for start in range(0, len(texts), n_at_once)]


def compare_encoders(
    sides: Sides, calls: Sequence[Sequence[str]], *, n_rounds: int, report: Report
) -> dict[str, Any]:
    """Encode with both sides in turns; give median speeds and ratio, and the lowest cosine.

    Texts beyond the reference's window are timed but not compared: it cuts them off, we do not.
    """
    for encode in (sides.reference, sides.ours):
        encode(calls[0][:8])
    seconds: tuple[list[float], list[float]] = ([], [])
    vectors: list[FloatArray] = []
    for number in range(n_rounds):
        report("Encoding in turns", number, n_rounds)
        vectors = [
            _timed(encode, calls, taken)
            for encode, taken in zip((sides.reference, sides.ours), seconds, strict=True)
        ]
    report("Encoding in turns", n_rounds, n_rounds)
    whole = np.array(sides.is_whole, dtype=bool)
    cosines = [vector[whole] for vector in vectors]
    slow, fast = (len(whole) / statistics.median(taken) for taken in seconds)
    ratios = [theirs / ours for theirs, ours in zip(*seconds, strict=True)]
    return {
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
        "min_cosine": round(smallest_cosine(*cosines), 6) if whole.any() else None,
        "texts_per_s": round(fast, 1),
        "reference_texts_per_s": round(slow, 1),
        "longer_than_window": int((~whole).sum()),
        "arithmetic": sides.arithmetic,
    }


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the figures as a table, one encoder a line."""
    columns = ("ratio", "min_cosine", "texts/s", "reference", "arithmetic", "beyond window")
    lines = [
        f"{figures['texts']} distinct texts, {figures['words']} words, {figures['rounds']} rounds, "
        f"{figures['texts_at_once']} texts at once",
        figures["processor"],
        "",
        f"{'':<24}" + "".join(f"{name:>18}" for name in columns),
    ]
    for name, row in figures["encoders"].items():
        cells = (
            "{:.2f} ({:.2f}-{:.2f})".format(row["ratio"], *row["ratio_range"]),
            "-" if row["min_cosine"] is None else f"{row['min_cosine']:.6f}",
            f"{row['texts_per_s']:.1f}",
            f"{row['reference_texts_per_s']:.1f}",
            row["arithmetic"],
            str(row["longer_than_window"]),
        )
        lines.append(f"{name:<24}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join([*lines, *filter(None, ("", figures["note"]))])


def _read_settings(overrides: Sequence[str]) -> dict[str, str]:
    wrong = [each for each in overrides if "=" not in each]
    if wrong:
        raise click.BadParameter(f"{', '.join(wrong)}: expected KEY=VALUE.")
    return {**SETTINGS, **dict(each.split("=", 1) for each in overrides)}


def _load_sides(
    name: str, source: Path, texts: Sequence[str], settings: Mapping[str, str]
) -> Sides:
    with reference.quiet():
        model = _load_model(source)
        known = reference.ReferenceEncoder(model)
        is_whole = [is_within_window(ids, known.rules) for ids in known.token_ids(texts)]

    def encode_by_reference(texts: Sequence[str]) -> FloatArray:
        with reference.quiet():
            return unit_rows(np.asarray(model.encode(list(texts)), dtype=np.float32))

    ours = load_encoder(name)
    if not isinstance(ours, FastEncoder):
        return Sides(encode_by_reference, ours.encode, is_whole, "reference")
    revision = identify_encoder(name).revision
    fast = verdict.load_fast(verdict.fast_folder(default_cache(), revision), settings)
    return Sides(encode_by_reference, fast.encode, is_whole, fast.arithmetic)


def _load_model(source: Path) -> "SentenceTransformer":
    # Not load_reference: that also hears long texts, which is not what a user would write.
    from sentence_transformers import (  # noqa: PLC0415  5 s; --help does without
        SentenceTransformer,
    )

    # 32 bits whatever the file holds: half precision is slow on a processor.
    return SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
    )


def _minilm_folder() -> Path:
    locate_verified(MINILM_TOKENIZER)
    return locate_verified(MINILM_WEIGHTS).parent


def _timed(encode: Encode, calls: Sequence[Sequence[str]], taken: list[float]) -> FloatArray:
    started = time.perf_counter()
    vectors = [encode(call) for call in calls]
    taken.append(time.perf_counter() - started)
    return np.concatenate(vectors)


if __name__ == "__main__":
    main()
