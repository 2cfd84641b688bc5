"""The texts are single invented words; the encoder is the tiny one that the tests make."""

import json

import pytest
from click.testing import CliRunner

from bench import roofline
from bench.roofline import count_operations, draw_lines, main, padding_share
from models.errors import ModelError


class Shape:
    def __init__(self, *sizes):
        self.is_static = None not in sizes
        self.sizes = sizes

    def to_shape(self):
        return self.sizes


class Node:
    """Stands for a node of a graph, its inputs and their sources."""

    def __init__(self, kind, *shapes):
        self.kind = kind
        self.shapes = shapes

    def get_type_name(self):
        return self.kind

    def inputs(self):
        return [Input(shape) for shape in self.shapes]


class Input:
    def __init__(self, shape):
        self.shape = shape

    def get_source_output(self):
        return self

    def get_partial_shape(self):
        return self.shape


class Graph:
    def get_ops(self):
        batch = Shape(None, None, 4)
        return [
            Node("MatMul", batch, Shape(8, 4)),
            Node("MatMul", batch, batch),
            Node("Add", batch, Shape(4)),
        ]


def test_a_token_costs_two_operations_for_each_weight_of_a_product():
    assert count_operations(Graph()) == 2 * 8 * 4


def test_padding_is_told_as_a_share_of_what_is_computed():
    assert padding_share([[1] * 10, [1] * 8]) == pytest.approx(2 / 20)
    assert padding_share([[1] * 10, [1] * 10]) == 0


def test_without_a_fast_path_there_is_nothing_to_measure(monkeypatch):
    monkeypatch.setattr(roofline, "load_encoder", lambda name: None)

    with pytest.raises(ModelError, match="no fast path"):
        roofline.measure_encoder("any", ["tree"])


@pytest.mark.model
def test_an_encoders_time_goes_into_its_products(tmp_path, monkeypatch):
    monkeypatch.setattr(roofline, "N_TURNS", 1)
    file = tmp_path / "texts.txt"
    file.write_text("tree\nriver stone\n", encoding="utf-8")

    done = CliRunner().invoke(main, ["--texts", str(file), "--json"])

    figures = json.loads(done.output)
    e5 = figures["encoders"]["multilingual-e5-small"]
    assert e5["texts_per_core_s"] > 0
    assert e5["texts_per_core_s_at_most"] > 0
    assert max(e5["time_by_layer"], key=e5["time_by_layer"].get) == "FullyConnected"
    assert "share_reached" in draw_lines(figures)
