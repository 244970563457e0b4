"""From mist to static: the weight scale grows, as a film and as six of its pictures."""

import numpy as np

import netart

shot = netart.new("tour-11", palette="corners:night")

film = netart.film(shot, "scale", 200, from_=0.4, to=1.0, duration=3, fps=12, loop="ping-pong")
film.save("scales.webp")

scales = np.geomspace(0.4, 1.2, 6)
netart.sheet(shot, {"weight_scale": scales}, size=160, columns=3).save("scales.png")
