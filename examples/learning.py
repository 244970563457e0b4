"""A network learns: its loss, six of its steps, and a film. Yours is a run of `netart train`."""

import netart

shot = netart.new("disc-in-ring", lens="regions")  # or "mine.run"
run = shot.network.drawn
for step, loss in [*zip(run.steps, run.loss, strict=True)][::8]:
    print(f"step {step:5}: loss {loss:.4f}")

steps = {"step": f"1..{run.last}*6:log"}
netart.sheet(shot, steps, size=200, columns=3).save("steps.png")
netart.render(shot, (900, 450), beside="loss").save("loss.png")
netart.film(shot, "learn", 200, duration=3, fps=12).save("learns.webp")
