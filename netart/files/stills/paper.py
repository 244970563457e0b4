"""How large the page of an SVG or a PDF is, where its dpi is asked for."""

from __future__ import annotations

import re

from netart.files.stills.vectors import VectorSpec

POINTS_PER_INCH = 72

SVG_SIDES = re.compile(rb'(<svg\b[^>]*? width=")[\d.]+(" height=")[\d.]+"')
PDF_PAGE = re.compile(
    rb"(\d{1,9}) 0 obj\n(<< /Type /Page /Parent [^<>]*?)/MediaBox \[ 0 0 ([\d.]+) [\d.]+ \]"
    rb"([^<>]*?)/Contents (\d+ 0 R)([^<>]*>>)"
)
PDF_TRAILER = re.compile(rb"trailer\n<< /Size (\d+) ([^<>]*)>>\nstartxref\n(\d+)\n%%EOF\n?\Z")


def set_page_size(spec: VectorSpec, data: bytes) -> bytes:
    """The file with a page of as many inches as its dpi say; the same file where it has none."""
    if spec.dpi is None:
        return data
    width, height = (side / spec.dpi for side in spec.size)  # inches
    if spec.format == "svg":
        sides = rb"\g<1>%.6gin\g<2>%.6gin" % (width, height) + b'"'
        return SVG_SIDES.sub(sides, data, count=1)
    return data + _update(data, width * POINTS_PER_INCH, height * POINTS_PER_INCH)


def _update(data: bytes, width: float, height: float) -> bytes:
    """What makes the page of a PDF by matplotlib that large, in points, behind its end: the page
    anew, and a piece of its contents that scales what follows (ISO 32000-1, 7.5.6 and 7.8.2).
    """
    page, trailer = PDF_PAGE.search(data), PDF_TRAILER.search(data)
    assert page
    assert trailer
    number, scale = int(trailer[1]), width / float(page[3])
    matrix = b"%.9g 0 0 %.9g 0 0 cm\n" % (scale, scale)
    contents = b"%d 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (
        number, len(matrix), matrix,
    )  # fmt: skip
    box = b"/MediaBox [ 0 0 %.6f %.6f ]" % (width, height)
    again = b"%b 0 obj\n%b%b%b/Contents [ %d 0 R %b ]%b\nendobj\n" % (
        page[1], page[2], box, page[4], number, page[5], page[6],
    )  # fmt: skip
    start = b"" if data.endswith(b"\n") else b"\n"
    places = len(data) + len(start), len(data) + len(start) + len(contents)
    table = b"xref\n%d 1\n%010d 00000 n \n%b 1\n%010d 00000 n \n" % (
        number, places[0], page[1], places[1],
    )  # fmt: skip
    end = b"trailer\n<< /Size %d %b/Prev %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        number + 1, trailer[2], trailer[3], places[1] + len(again),
    )  # fmt: skip
    return start + contents + again + table + end
