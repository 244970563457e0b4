"""Measures what is `auto` in a film: a number for all of it, or a track that follows it."""

from __future__ import annotations

import numpy as np
from msgspec import structs

from netart.lens import measure
from netart.shot.fields import apply
from netart.shot.timeline import Key, Timeline, Track

MEASURED_FRAMES = 16  # shots that stand for a film
EASED_STEPS = 24  # between the times at which contrast is measured along a film
EASED_PASSES = 2  # that draw what was found there towards its neighbours
EASED_DIGITS = 6


def measured_film(timeline: Timeline) -> Timeline:
    """The timeline with numbers for what is `auto`, measured once, over MEASURED_FRAMES shots: a
    film must not flicker. Contrast that is `eased` becomes a track. Left alone where a track
    changes how they are measured.
    """
    if timeline.shot.look.contrast == "eased":
        return _ease_contrast(timeline)
    values = measure([timeline.at(k / (MEASURED_FRAMES - 1)) for k in range(MEASURED_FRAMES)])
    return structs.replace(timeline, shot=apply(timeline.shot, values)) if values else timeline


def _ease_contrast(timeline: Timeline) -> Timeline:
    """The timeline with contrast that follows what is measured along it.

    It is measured at EASED_STEPS + 1 times; but for the first and the last, where a film is the
    picture that it was made of, each limit goes to the mean of itself and its neighbours (1/4, 1/2,
    1/4), twice: percentiles jump where a detail comes into the picture.
    """
    if any(track.field == "contrast" for track in timeline.tracks):
        return timeline
    times = [k / EASED_STEPS for k in range(EASED_STEPS + 1)]
    shots = [timeline.at(t) for t in times]
    found = [measure([shot]).get("contrast", ()) for shot in shots]
    if not found[0] or len(set(map(len, found))) > 1:
        return timeline
    limits = np.array(found)  # (times, channels, 2)
    if timeline.pace.loop == "cycle":
        limits[-1] = limits[0]  # one picture, but in an endless zoom measured with other roundings
    for _ in range(EASED_PASSES):
        limits[1:-1] = limits[:-2] / 4 + limits[1:-1] / 2 + limits[2:] / 4
    texts = [
        ",".join(f"{low:.{EASED_DIGITS}g}:{high:.{EASED_DIGITS}g}" for low, high in pairs)
        for pairs in limits
    ]
    track = Track("contrast", tuple(map(Key, times, texts)))
    shot = apply(timeline.shot, {"contrast": track.at(0)})
    return structs.replace(timeline, shot=shot, tracks=(*timeline.tracks, track))
