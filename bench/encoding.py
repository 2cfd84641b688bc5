"""How fast texts become vectors, against sentence-transformers: `python -m bench.encoding`."""

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
from bench.terminal import Report, one_line_errors, progress_bars
from models import reference
from models.e5 import convert_e5
from models.encoder import DEFAULT_ENCODER, load_encoder
from models.packages import MINILM_TOKENIZER, MINILM_WEIGHTS, locate_verified
from models.vectors import FloatArray, smallest_cosine, unit_rows
from models.windows import is_within_window

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


@click.command()
@click.option(
    "--texts",
    "texts_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SAMPLE,
    help="A coded CSV whose texts are encoded (default: the synthetic sample, which is small).",
)
@click.option("--rounds", "n_rounds", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(texts_file: Path, n_rounds: int, as_json: bool) -> None:
    """Encode each distinct text by sentence-transformers and by us, in turns, in one process."""
    with one_line_errors(), tempfile.TemporaryDirectory() as folder:
        texts = read_texts(texts_file)
        sources = {
            DEFAULT_ENCODER: convert_e5(Path(folder) / "e5"),
            MINILM: _minilm_folder(),
        }
        with progress_bars() as report:
            encoders = {
                name: compare_encoders(
                    _load_sides(name, source, texts), texts, n_rounds=n_rounds, report=report
                )
                for name, source in sources.items()
            }
    figures = {
        "texts": len(texts),
        "words": sum(len(text.split()) for text in texts),
        "rounds": n_rounds,
        "encoders": encoders,
        "note": SMALL if len(texts) < FEW else "",
    }
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def compare_encoders(
    sides: Sides, texts: Sequence[str], *, n_rounds: int, report: Report
) -> dict[str, Any]:
    """Encode with both sides in turns; give median speeds and ratio, and the lowest cosine.

    Texts beyond the reference's window are timed but not compared: it cuts them off, we do not.
    """
    for encode in (sides.reference, sides.ours):
        encode(texts[:8])
    seconds: tuple[list[float], list[float]] = ([], [])
    vectors: list[FloatArray] = []
    for number in range(n_rounds):
        report("Encoding in turns", number, n_rounds)
        vectors = [
            _timed(encode, texts, taken)
            for encode, taken in zip((sides.reference, sides.ours), seconds, strict=True)
        ]
    report("Encoding in turns", n_rounds, n_rounds)
    whole = np.array(sides.is_whole, dtype=bool)
    cosines = [vector[whole] for vector in vectors]
    slow, fast = (statistics.median(taken) for taken in seconds)
    ratios = [theirs / ours for theirs, ours in zip(*seconds, strict=True)]
    return {
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
        "min_cosine": round(smallest_cosine(*cosines), 6) if whole.any() else None,
        "reference_texts_per_second": round(len(texts) / slow, 1),
        "texts_per_second": round(len(texts) / fast, 1),
        "longer_than_window": int((~whole).sum()),
    }


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the figures as a table, one encoder a line."""
    columns = ("ratio", "min_cosine", "texts/s", "reference", "beyond window")
    lines = [
        f"{figures['texts']} distinct texts, {figures['words']} words, {figures['rounds']} rounds",
        "",
        f"{'':<24}" + "".join(f"{name:>18}" for name in columns),
    ]
    for name, row in figures["encoders"].items():
        cells = (
            "{:.2f} ({:.2f}-{:.2f})".format(row["ratio"], *row["ratio_range"]),
            "-" if row["min_cosine"] is None else f"{row['min_cosine']:.6f}",
            f"{row['texts_per_second']:.1f}",
            f"{row['reference_texts_per_second']:.1f}",
            str(row["longer_than_window"]),
        )
        lines.append(f"{name:<24}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join([*lines, *filter(None, ("", figures["note"]))])


def _load_sides(name: str, source: Path, texts: Sequence[str]) -> Sides:
    with reference.quiet():
        model = _load_model(source)
        known = reference.ReferenceEncoder(model)
        is_whole = [is_within_window(ids, known.rules) for ids in known.token_ids(texts)]

    def encode_by_reference(texts: Sequence[str]) -> FloatArray:
        with reference.quiet():
            return unit_rows(np.asarray(model.encode(list(texts)), dtype=np.float32))

    return Sides(encode_by_reference, load_encoder(name).encode, is_whole)


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


def _timed(encode: Encode, texts: Sequence[str], taken: list[float]) -> FloatArray:
    started = time.perf_counter()
    vectors = encode(texts)
    taken.append(time.perf_counter() - started)
    return vectors


if __name__ == "__main__":
    main()
