"""What pages and texts say in words of a picture or a film."""

from __future__ import annotations

import pytest

from netart.shot.document import Document
from netart.shot.timeline import Key, Timeline, Track
from netart.web.describe import describe, with_description
from netart.web.fragment import fragment
from netart.web.origin import Origin
from tests.shots import shot

PICTURE, FILM = "A picture of a neural network", "A film of a neural network"


def film(*fields: str, **texts: str) -> Timeline:
    tracks = tuple(Track(field, (Key(0, "1"), Key(1, "2"))) for field in fields)
    return Timeline(shot=shot(seed="3", **texts), tracks=tracks)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            shot(layers="2x4", seed="3"),
            f"{PICTURE} of 2 hidden layers of 4 tanh units, sampled from seed 3: "
            "its 3 outputs as colours over x and y.",
        ),
        (
            shot(layers="1x1", activation="relu", outputs="1", mix="1:0.6,2:0.8"),
            f"{PICTURE} of 1 hidden layer of 1 relu unit, sampled from seeds 1 and 2: "
            "its output as colours over x and y.",
        ),
        (
            shot(depth="0", seed="3"),
            f"{PICTURE} without hidden layers, sampled from seed 3: "
            "its 3 outputs as colours over x and y.",
        ),
        (
            shot(widths="9,14,6", activation="sin,relu,abs", seed="3"),
            f"{PICTURE} of hidden layers of 9, 14 and 6 sin, relu and abs units, sampled from "
            "seed 3: its 3 outputs as colours over x and y.",
        ),
        (
            film("radius", "weight_scale", "latent.a", layers="2x4", latent="a=1"),
            f"{FILM} of 2 hidden layers of 4 tanh units, sampled from seed 3: its 3 outputs as "
            "colours over x and y, while radius, weight scale and latent a change.",
        ),
        (
            film("gamma", layers="2x1"),
            f"{FILM} of 2 hidden layers of 1 tanh unit, sampled from seed 3: its 3 outputs as "
            "colours over x and y, while gamma changes.",
        ),
    ],
)
def test_a_document_in_words(document: Document, words: str) -> None:
    assert describe(document) == words
    lines = fragment(document, Origin("test", texts=None)).split("\n\n")[1].splitlines()
    header = " ".join(line.removeprefix("//").strip() for line in lines)
    assert f"test  {words} At each point the network reads x" in header
    assert "netart export" not in header  # where no command draws it


def test_a_line_by_who_made_it_comes_first() -> None:
    assert with_description("", "A film.") == "A film."
    assert with_description("Mine", "A film.") == "Mine. A film."
    assert with_description("Is it\nmine?", "A film.") == "Is it mine? A film."
