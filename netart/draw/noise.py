"""Pictures that float32 cannot hold: deep, strongly scaled networks are chaotic."""

from __future__ import annotations

from functools import partial

from netart.evaluate.precision import VISIBLE, visibly_wrong
from netart.evaluate.request import FLOAT32_EPSILON, Evaluator
from netart.lens import preview
from netart.shot.shot import Shot

MIN_NOISE = 0.005  # share of visibly wrong pixels that is worth a warning


def describe_noise(shot: Shot, evaluator: Evaluator, remedy: str) -> str:
    """What is wrong with the shot's picture where the evaluator cannot hold its network; empty
    where it can. It draws a few small pictures.

    remedy: how one asks for the reference.
    """
    if evaluator.epsilon < FLOAT32_EPSILON:
        return ""
    share = visibly_wrong(partial(preview, shot))
    if share <= MIN_NOISE:
        return ""
    return (
        f"float32 cannot hold this network: {share:.1%} of the pixels are off by more than "
        f"{VISIBLE * 255:.0f}/255; {remedy} draws it right"
    )
