"""A sheet: the liveliest of forty seeds, and the best of them large."""

import netart

page = netart.sheet(layers="8x16", seeds=40, best=12, columns=4, size=200)
page.save("seeds.png")

# Panels count from 1, row by row; each is a shot to go on with.
print("the liveliest seed is", page.sheet.texts(1)["seed"])
netart.render(page[1], 1000, samples="auto").save("first.png")
