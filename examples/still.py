"""A still: a preset with another seed, in other colours and from nearer; and the same in metal."""

import netart

shot = netart.new("ember", seed=12, palette="corners:frost", center=(0.3, -0.2), radius=0.5)
netart.render(shot, (900, 600)).save("frost.png")

# The file carries its shot: it can be changed, and drawn again at any size.
again = netart.load("frost.png")
assert again == shot
netart.render(again.but(light="relief", light_metal=1), (900, 600)).save("metal.webp")
