"""Pages on where networks go from order to chaos, as Python has them."""

from __future__ import annotations

from typing import Any

from netart.api.picture import Picture
from netart.api.shots import NetworkSource, Progress, Source, begin
from netart.draw.phase import count_pictures, draw, lay_out, survey_shot
from netart.evaluate.backend import check_backend, open_evaluator
from netart.net.phase import check_axis, law_of, network_count
from netart.pixels import NamedSize, Size, check_size, read_named_size

FRESH = {"samples": "2"}  # of new shots
PAGE = (1600, 1200)  # pixels, where no size is said


def phase(
    source: Source | None = None,
    size: int | str | Size | None = None,
    *,
    against: str = "bias",
    backend: str = "auto",
    device: int | None = None,
    progress: Progress | None = None,
    network: NetworkSource | None = None,
    **fields: Any,
) -> Picture:
    """Draws where order ends and chaos begins: `netart.phase("silk").save("silk-phase.png")`.

    A page shows by how much each layer makes a small difference between two points larger or
    smaller, over weight scale and bias scale, with pictures of the source on either side of the
    line on which it stays as large; the dashed one is mean-field theory's (Poole et al. 2016).
    source, network, fields: as in netart.new; hidden layers are sampled, of one width and one
    activation that has a slope. size: of the page in pixels, as in netart.render, from 380x280;
    None for 1600x1200. against: what stands on the vertical axis, bias or depth.
    backend, device: as in netart.render. progress: is called with the networks that are measured
    and the pictures that are drawn, and with all of them. Raises NetartError.
    """
    check_axis(against)
    check_backend(backend, device)
    shot = begin(source, fields, network, fresh=FRESH).source.shot
    named = NamedSize(PAGE, None) if size is None else read_named_size(size)
    asked = named.size
    check_size(asked)
    lay_out(asked)  # what is wrong is raised before anything is measured
    law_of(shot.network)
    done, steps = 0, network_count(shot.network) + count_pictures(asked)

    def advance() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, steps)

    found = survey_shot(shot, against, advance)
    with open_evaluator(backend, device) as evaluator:
        return Picture(shot, draw(shot, found, asked, evaluator, advance), named.dpi)
