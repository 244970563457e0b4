"""A still: a preset in other colours and from nearer, for print."""

from decimal import Decimal

from msgspec.structs import replace

import netart

shot = netart.load("ember")
look = replace(shot.look, palette="corners:frost", samples=2)
view = replace(shot.view, centre=(Decimal("0.3"), Decimal("-0.2")), radius=0.5)

image = netart.render(replace(shot, look=look, view=view), (3000, 2000))
netart.save(image, "frost.tif", bits=16)

# The file carries its shot.
assert netart.load("frost.tif").look.palette == "corners:frost"
