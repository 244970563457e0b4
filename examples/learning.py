"""A network learns to tell two moons apart: its loss, six of its steps, and a film."""

import netart

shot = netart.train("moons", "moons.run", widths=(8, 8), seed=3, steps=1000)  # or "mine.csv"
run = shot.network.drawn
for step, loss in [*zip(run.steps, run.loss, strict=True)][::24]:
    print(f"step {step:5}: loss {loss:.4f}")

steps = {"step": f"1..{run.last}*6:log"}
netart.sheet(shot, steps, size=200, columns=3, show_data=True).save("steps.png")
netart.render(shot, (900, 450), beside="loss").save("loss.png")
netart.film(shot, "learn", 200, duration=3, fps=12).save("learns.webp")
