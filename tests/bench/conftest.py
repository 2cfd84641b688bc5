"""Synthetic coded files: words drawn at random, nobody said them."""

import csv
import json

import numpy as np
import pytest
import scipy.linalg  # noqa: F401  loaded before its threads are limited
from click.testing import CliRunner
from threadpoolctl import threadpool_limits

from bench import quality, vectors
from bench.coded import read_data
from bench.descriptions import list_code_texts
from models.vectors import unit_rows
from pipeline.transcripts.coded_csv import COLUMNS

WORDS = ["tree", "river", "stone", "cloud", "bread", "window", "chair", "letter", "garden"]


class LetterCounter:
    """An encoder without meaning: counts letters."""

    def __init__(self):
        self.heard = []

    def encode(self, texts):
        self.heard += texts
        counts = [[text.count(letter) + 0.01 for letter in "abcdefghinorstw"] for text in texts]
        return unit_rows(np.array(counts, dtype=np.float32).reshape(len(counts), -1))


@pytest.fixture(autouse=True)
def one_thread():
    """Fits this small only wait for one another's threads."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def fake_encoder(monkeypatch):
    encoder = LetterCounter()
    monkeypatch.setattr(vectors, "load_encoder", lambda _name: encoder)
    return encoder


@pytest.fixture
def write_coded(tmp_path):
    """Write synthetic rows of (interview, text, coder, codes), and a codebook with these codes."""

    def write(rows, keys, *, participants=None, languages=None, speakers=("",)):
        optional = {"participant": participants, "language": languages}
        given = {name: values for name, values in optional.items() if values}
        with (tmp_path / "made.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*COLUMNS, *given])
            for number, (interview, text, coder, codes) in enumerate(rows):
                excerpt = f"e{number}" if coder == "one" else f"e{number - 1}"
                order = number if coder == "one" else number - 1
                speaker = speakers[order % len(speakers)]
                fixed = ["synthetic", interview, excerpt, order, speaker, text]
                fixed += [coder, ";".join(codes)]
                writer.writerow(fixed + [values[interview] for values in given.values()])
        codes = [{"id": key, "name": key, "definition": f"About {key}."} for key in keys]
        (tmp_path / "made.yaml").write_text(json.dumps({"codes": codes}), encoding="utf-8")
        return tmp_path / "made.csv", tmp_path / "made.yaml"

    return write


@pytest.fixture
def make_rows():
    """Make synthetic rows: 'plain' is said by a word, 'noise' by nothing, 'rare' ten times."""

    def make(n_interviews, n_excerpts=40):
        rng = np.random.default_rng(5)
        rows = []
        for interview in range(n_interviews):
            for number in range(n_excerpts):
                words = list(rng.choice(WORDS, size=8))
                codes = ["noise"] if rng.random() < 0.3 else []
                if rng.random() < 0.3:
                    words.insert(3, "signal")
                    codes.append("plain")
                if interview < 2 and number < 5:
                    codes.append("rare")
                rows.append((f"i{interview}", " ".join(words), "one", codes))
        return rows

    return make


@pytest.fixture
def made_data(write_coded, make_rows):
    """Synthetic coded data of so many interviews."""

    def make(n_interviews, n_excerpts=40, **optional):
        return read_data(
            *write_coded(
                make_rows(n_interviews, n_excerpts), ["plain", "noise", "rare"], **optional
            )
        )

    return make


@pytest.fixture
def fake_vectors(fake_encoder):
    """Vectors of the texts of synthetic data and of its codebook."""

    def encode(data):
        texts = [*data.texts, *list_code_texts(data)]
        return vectors.encode_once("fake", texts, report=lambda *_: None)

    return encode


@pytest.fixture
def run_quality(fake_encoder):
    def run(data_file, codebook_file, *options):
        curve = ["--curve" if "--draws" in options else "--no-curve"]
        arguments = [str(data_file), "--codebook", str(codebook_file), *map(str, options), *curve]
        return CliRunner().invoke(quality.main, arguments)

    return run


@pytest.fixture
def figures(run_quality):
    def run(data_file, codebook_file, *options):
        result = run_quality(data_file, codebook_file, "--json", *options)
        assert result.exit_code == 0, result.output
        assert result.stderr == ""
        return json.loads(result.stdout)

    return run
