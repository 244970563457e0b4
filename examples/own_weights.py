"""Weights of your own: two units that solve exclusive or, drawn as a map and as a diagram."""

import netart

# From first to last: weight (a row a unit, a column an input), bias, activation.
layers = [
    ([[3, 3], [-3, -3]], [3, 3], "tanh"),
    ([[4, 4]], [-4], "sigmoid"),
]
shot = netart.new(layers, radius=2, palette="gray", contrast="off")
netart.render(shot, 600).save("xor.png")
netart.render(shot, (600, 400), lens="diagram").save("diagram.svg")

network = netart.network(shot)
corners = [(-1, -1), (-1, 1), (1, -1), (1, 1)]
for point, (answer,) in zip(corners, network(corners), strict=True):
    print(point, f"{answer:.2f}")
