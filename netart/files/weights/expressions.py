"""Activations in the operators of ONNX: one table, read in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from math import pi, sqrt
from typing import Any

# `Z` for the pre-activation, a number, or an operator with what it takes: ("Mul", "z", ("Sigmoid",
# "z")).
Expression = Any

Z = "z"
SQUARE = ("Mul", Z, Z)
TURNS = ("Add", ("Div", Z, 2 * pi), 0.75)
ERF = ("Add", ("Erf", ("Div", Z, sqrt(2))), 1.0)

# How each activation of netart is written.
EXPRESSIONS: dict[str, Expression] = {
    "linear": Z,
    "tanh": ("Tanh", Z),
    "sigmoid": ("Sigmoid", Z),
    "relu": ("Relu", Z),
    "leaky_relu": ("LeakyRelu", Z),
    "elu": ("Elu", Z),
    "selu": ("Selu", Z),
    "gelu": ("Mul", ("Mul", Z, ERF), 0.5),
    "silu": ("Mul", Z, ("Sigmoid", Z)),
    "softplus": ("Softplus", Z),
    "softsign": ("Softsign", Z),
    "step": ("Relu", ("Sign", Z)),
    "sign": ("Sign", Z),
    "sin": ("Sin", Z),
    "cos": ("Cos", Z),
    "sinc": ("Where", ("Equal", Z, 0.0), 1.0, ("Div", ("Sin", Z), Z)),
    "abs": ("Abs", Z),
    "square": SQUARE,
    "gaussian": ("Exp", ("Neg", SQUARE)),
    "triangle": (
        "Sub", ("Mul", ("Abs", ("Sub", ("Sub", TURNS, ("Floor", TURNS)), 0.5)), 4.0), 1.0,
    ),
}  # fmt: skip

# How other programs write them.
VARIANTS: tuple[tuple[str, Expression], ...] = (
    ("gelu", ("Gelu", Z)),
    ("gelu", ("Mul", ("Mul", 0.5, Z), ERF)),
    ("gelu", ("Mul", Z, ("Mul", 0.5, ERF))),
    ("gelu", ("Mul", 0.5, ("Mul", Z, ("Add", ("Erf", ("Mul", Z, sqrt(0.5))), 1.0)))),
    ("silu", ("Swish", Z)),
    ("softplus", ("Where", ("Greater", Z, 20.0), Z, ("Softplus", Z))),
    ("softsign", ("Div", Z, ("Add", ("Abs", Z), 1.0))),
    ("relu", ("Max", Z, 0.0)),
    ("square", ("Pow", Z, 2.0)),
    ("gaussian", ("Exp", ("Neg", ("Pow", Z, 2.0)))),
)

# What operators' attributes must be, where they are written out.
ATTRIBUTES: dict[str, dict[str, float | str]] = {
    "LeakyRelu": {"alpha": 0.01},
    "Elu": {"alpha": 1.0},
    "Selu": {"alpha": 1.6732631921768188, "gamma": 1.0507010221481323},
    "Gelu": {"approximate": "none"},
    "Swish": {"alpha": 1.0},
}

COMMUTE = ("Add", "Mul", "Max")


def spell(operator: str, *taken: str) -> str:
    """The text of an operator and what it takes, the same for a + b and b + a."""
    return f"{operator}({', '.join(sorted(taken) if operator in COMMUTE else taken)})"


def spell_number(number: float) -> str:
    """The text of a constant, which other programs round in their own ways."""
    return f"{number:.6g}"


def text_of(expression: Expression) -> str:
    """The text of an expression."""
    if isinstance(expression, tuple):
        operator, *taken = expression
        return spell(operator, *map(text_of, taken))
    return expression if isinstance(expression, str) else spell_number(expression)


def _operators(expression: Expression) -> Iterator[str]:
    if isinstance(expression, tuple):
        yield expression[0]
        for part in expression[1:]:
            yield from _operators(part)


# Text → the activation that it is.
ACTIVATION_OF = {
    text_of(expression): name for name, expression in (*EXPRESSIONS.items(), *VARIANTS)
}

# All operators that activations are made of.
OPERATORS = {
    name for _, expression in (*EXPRESSIONS.items(), *VARIANTS) for name in _operators(expression)
}
