"""A zoom: towards a point that stays in its place, as a file, as a shot, and as pixels."""

import netart

film = netart.film("silk", "zoom", 256, toward=(0.36, -0.48), duration=4, fps=12)
film.save("zoom.gif", progress=lambda done, total: print(f"frame {done} of {total}"))

# A frame is a shot, too; frames count from 1.
netart.render(film[len(film)], 600).save("closest.png")

# Or take the pixels of one frame after the other: how much of the picture is bright?
for number, frame in enumerate(film, 1):
    if number % 12 == 0:
        print(f"frame {number}: {(frame.mean(axis=2) > 127).mean():.0%}")
