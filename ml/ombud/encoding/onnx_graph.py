"""A BERT as an ONNX graph of ONNX Runtime's fused operators, in float32 or 8-bit integers.

Token ids and lengths go in, sentence vectors come out. In 8-bit integers every matrix product
takes activations by one scale that was measured beforehand (static quantisation; Jacob et al.
2018, section 3) and weights by one scale a column: a scale taken from the batch, as dynamic
quantisation does, would let a sentence's vector depend on its neighbours. A few features of the
activations are far larger than the others; most of that is moved into the weights first
(SmoothQuant; Xiao et al. 2023, section 4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

__all__ = ["Ranges", "bert_graph"]

Array = NDArray[Any]
_Pair = tuple[str, str]
Ranges = Mapping[str, tuple[Array, Array]]
"""Least and greatest value of each feature that enters a matrix product, by its name."""

_OPSET: Final = 18
_IR: Final = 10
_MICROSOFT: Final = "com.microsoft"
_MOVED: Final = 0.8
"""How much of the features' differences moves into the weights; the best of a few on MiniLM."""
_LEAST: Final = 1e-5


class _Graph:
    """Nodes and constants of a graph that is being made; values go by the names of their nodes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], name: str, domain: str = "", **attributes: Any
    ) -> str:
        self.nodes.append(
            helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes)
        )
        return name


class _Products:
    """Adds matrix products with a bias to a graph, in 8-bit integers where ranges are given."""

    def __init__(self, graph: _Graph, ranges: Ranges | None) -> None:
        self._graph = graph
        self._ranges = ranges

    def linear(self, rows: str, weight: Array, bias: Array, name: str) -> str:
        """Add `rows @ weight + bias`. Shape of `weight`: (in, out)."""
        graph = self._graph
        if self._ranges is None:
            product = graph.node(
                "MatMul", [rows, graph.constant(f"{name}.w", weight)], f"{name}.product"
            )
            return graph.node("Add", [product, graph.constant(f"{name}.b", bias)], name)
        factors, scales, zeros = self._quantised(rows, weight, name)
        inputs = [*factors, *scales, *zeros, graph.constant(f"{name}.b", bias)]
        return graph.node("MatMulIntegerToFloat", inputs, name, _MICROSOFT)

    def attention(self, rows: str, weight: Array, bias: Array, name: str, heads: int) -> str:
        """Add self-attention over each sentence. Shape of `weight`: (in, 3 * in)."""
        graph = self._graph
        added = graph.constant(f"{name}.b", bias)
        if self._ranges is None:
            inputs = [rows, graph.constant(f"{name}.w", weight), added, "lengths"]
            return graph.node("Attention", inputs, name, _MICROSOFT, num_heads=heads)
        factors, scales, zeros = self._quantised(rows, weight, name)
        inputs = [*factors, added, *scales, "lengths", *zeros]
        return graph.node("QAttention", inputs, name, _MICROSOFT, num_heads=heads)

    def _quantised(self, rows: str, weight: Array, name: str) -> tuple[_Pair, _Pair, _Pair]:
        """Add the step of both factors to 8-bit integers.

        Returns:
            The integers of rows and of weights, the scales of both, and their zero points.
        """
        graph, ranges = self._graph, self._ranges or {}
        low, high = (np.asarray(edge, np.float32) for edge in ranges[name])
        largest = np.maximum(np.maximum(-low, high), _LEAST)
        moved = largest**_MOVED / np.maximum(np.abs(weight).max(axis=1), _LEAST) ** (1 - _MOVED)
        least, most = min(float((low / moved).min()), 0.0), max(float((high / moved).max()), 0.0)
        step = max(most - least, _LEAST) / 255
        factors = graph.constant(f"{name}.smooth", (1 / moved).astype(np.float32))
        even = graph.node("Mul", [rows, factors], f"{name}.even")
        scale = graph.constant(f"{name}.x_scale", np.array(step, np.float32))
        zero = graph.constant(f"{name}.x_zero", np.array(round(-least / step), np.uint8))
        integers = graph.node("QuantizeLinear", [even, scale, zero], f"{name}.x")
        columns, scales = _columns(weight * moved[:, None])
        return (
            (integers, graph.constant(f"{name}.w", columns)),
            (scale, graph.constant(f"{name}.w_scale", scales)),
            (zero, graph.constant(f"{name}.w_zero", np.zeros(len(scales), np.int8))),
        )


def bert_graph(
    config: Mapping[str, Any], weights: Mapping[str, Array], ranges: Ranges | None
) -> onnx.ModelProto:
    """Return the graph of a BERT with a mean over tokens of length sqrt(hidden).

    Inputs: `ids`, Shape: (sentences, tokens), int64; `lengths`, tokens of each sentence, Shape:
    (sentences,), int32. Output: `vectors`, Shape: (sentences, hidden).

    Args:
        config: The configuration as transformers keeps it.
        weights: By their names in `transformers.BertModel`, in float32.
        ranges: What enters the matrix products, to compute in 8-bit integers; names as
            `layer.part`, with part `qkv`, `attended`, `up` or `down`.
    """
    graph = _Graph()
    products = _Products(graph, ranges)
    heads, hidden = int(config["num_attention_heads"]), int(config["hidden_size"])
    eps = float(config["layer_norm_eps"])

    def norm(name: str) -> list[str]:
        return [
            graph.constant(f"{name}.{part}", weights[f"{name}.LayerNorm.{part}"])
            for part in ("weight", "bias")
        ]

    def linear(*names: str) -> tuple[Array, Array]:
        weight = np.concatenate([weights[f"{name}.weight"] for name in names]).T
        return weight, np.concatenate([weights[f"{name}.bias"] for name in names])

    rows = _embedded(graph, weights, norm("embeddings"), eps)
    for layer in range(int(config["num_hidden_layers"])):
        old = f"encoder.layer.{layer}"
        parts = (f"{old}.attention.self.{part}" for part in ("query", "key", "value"))
        drawn = products.attention(rows, *linear(*parts), f"{layer}.qkv", heads)
        added = products.linear(
            drawn, *linear(f"{old}.attention.output.dense"), f"{layer}.attended"
        )
        rows = _added(graph, added, rows, norm(f"{old}.attention.output"), f"{layer}.mid", eps)
        wide = products.linear(rows, *linear(f"{old}.intermediate.dense"), f"{layer}.up")
        wide = graph.node("Gelu", [wide], f"{layer}.gelu", _MICROSOFT)
        added = products.linear(wide, *linear(f"{old}.output.dense"), f"{layer}.down")
        rows = _added(graph, added, rows, norm(f"{old}.output"), f"{layer}.out", eps)
    _pooled(graph, rows, hidden)
    return _model(graph, hidden)


def _embedded(graph: _Graph, weights: Mapping[str, Array], norm: Sequence[str], eps: float) -> str:
    # A sentence is all of one type: its vector can be added to every position's.
    types = weights["embeddings.token_type_embeddings.weight"]
    positions = weights["embeddings.position_embeddings.weight"] + types[0]
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    gathered = graph.node("Gather", [words, "ids"], "embedded.words")
    shape = graph.node("Shape", ["ids"], "embedded.shape", start=1, end=2)
    start = graph.constant("embedded.start", np.zeros(1, np.int64))
    table = graph.constant("positions", positions)
    places = graph.node("Slice", [table, start, shape], "embedded.positions")
    added = graph.node("Add", [gathered, places], "embedded.sum")
    return graph.node(
        "LayerNormalization", [added, *norm], "embedded", axis=-1, epsilon=max(eps, 1e-12)
    )


def _added(
    graph: _Graph, rows: str, before: str, norm: Sequence[str], name: str, eps: float
) -> str:
    return graph.node(
        "SkipLayerNormalization", [rows, before, *norm], name, _MICROSOFT, epsilon=eps
    )


def _pooled(graph: _Graph, rows: str, hidden: int) -> None:
    """Add the mean over the tokens that are there, scaled to length sqrt(hidden)."""
    size = graph.node("Shape", ["ids"], "pooled.size", start=1, end=2)
    scalar = graph.node("Squeeze", [size], "pooled.tokens")
    zero = graph.constant("pooled.zero", np.array(0, np.int64))
    one = graph.constant("pooled.one", np.array(1, np.int64))
    places = graph.node("Range", [zero, scalar, one], "pooled.places")
    lengths = graph.node("Cast", ["lengths"], "pooled.lengths", to=TensorProto.INT64)
    axes = graph.constant("pooled.axes", np.array([1], np.int64))
    column = graph.node("Unsqueeze", [lengths, axes], "pooled.column")
    there = graph.node("Less", [places, column], "pooled.there")
    mask = graph.node("Cast", [there], "pooled.mask", to=TensorProto.FLOAT)
    # The mean's divisor leaves with the length: only the direction of the sum counts.
    row = graph.node("Unsqueeze", [mask, axes], "pooled.row")
    summed = graph.node("MatMul", [row, rows], "pooled.summed")
    total = graph.node("Squeeze", [summed, axes], "pooled.sum")
    last = graph.constant("pooled.last", np.array([-1], np.int64))
    length = graph.node("ReduceL2", [total, last], "pooled.length", keepdims=1)
    unit = graph.node("Div", [total, length], "pooled.unit")
    factor = graph.constant("pooled.factor", np.array(math.sqrt(hidden), np.float32))
    graph.node("Mul", [unit, factor], "vectors")


def _model(graph: _Graph, hidden: int) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["sentences", "tokens"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["sentences"]),
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["sentences", hidden])
    made = helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=_IR, producer_name="ombud")


def _columns(weight: Array) -> tuple[Array, Array]:
    """Return weights as 8-bit integers and the scale of each column."""
    scales = np.maximum(np.abs(weight).max(axis=0), 1e-9) / 127
    return np.round(weight / scales).astype(np.int8), scales.astype(np.float32)
