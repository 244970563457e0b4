"""A class on depth and width: one seed, deeper to the right and wider downwards.

Deeper networks keep the layers of the shallower, wider layers the units of the narrower: all panels
are places in one world. Each layer folds what is below it once more; each unit adds a direction.
"""

import netart

DEPTHS, WIDTHS = [1, 2, 4, 8, 16], [2, 4, 8, 16, 32]

# Weights are scaled so that every panel is lively.
page = netart.sheet(seed=5, over={"depth": DEPTHS, "width": WIDTHS}, size=160)
page.save("depth-and-width.png")
print("the last panel:", netart.network(page[len(page)]))

# At one scale of the weights each layer makes slopes steeper, or, where it is narrow, flatter.
print("width  mean slope of the first output after", DEPTHS, "layers")
for width in WIDTHS:
    networks = [netart.new(seed=5, depth=n, width=width, weight_scale=1) for n in DEPTHS]
    fields = [netart.values(shot, 64, derivatives=True, output=1) for shot in networks]
    print(f"{width:5} ", *(f"{abs(field.slopes).mean():8.2f}" for field in fields))
