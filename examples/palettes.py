"""Palettes: one picture in colours of your own, of a photo, of a map, and in all by name."""

import netart

shot = netart.new("silk", seed=3)
netart.render("ember", 300).save("photo.jpg")  # any picture will do

PALETTES = {
    "own": "ramp:#102030,#2f6f8f,#f0a040,white",
    "corners": "corners:#0a1830,#5b8dd6,#6a4fa3,#eef6fb",
    "photo": "corners:from:photo.jpg",
    "map": "map:batlow",
}
for name, palette in PALETTES.items():
    netart.render(shot, (600, 400), palette=palette, samples=2).save(f"{name}.webp", quality=90)

for name, colours in netart.palettes().items():
    print(f"{name:20} {colours}")
netart.sheet(shot, palette="all", size=100).save("all.png")
