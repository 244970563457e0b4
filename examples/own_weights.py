"""Weights of your own: two units that solve exclusive or, drawn as a map of their answer."""

import json

import numpy as np
from msgspec.structs import replace

import netart

meta = {"activations": ["tanh", "sigmoid"], "features": ["x", "y"]}
np.savez(
    "xor.npz",
    W0=np.array([[3, 3], [-3, -3]], np.float32),  # a row a unit, a column an input
    b0=np.array([3, 3], np.float32),
    W1=np.array([[4, 4]], np.float32),
    b1=np.array([-4], np.float32),
    meta=json.dumps(meta),
)

shot = netart.load("xor.npz")
shot = replace(shot, view=replace(shot.view, radius=2.0), look=replace(shot.look, palette="gray"))
netart.save(netart.render(shot, (800, 800)), "xor.png")
