"""For print: a postcard at 300 pixels an inch with 16 bits a channel, and lines that stay lines."""

import netart

card = netart.render("glaze", "a6-landscape@300dpi", seed=4, detail=1.1)
card.save("card.tif", bits=16)
card.save("proof.jpg", max_bytes="300kB")

lines = netart.new(lens="lines", layers="2x12", activation="relu", seed=4, backdrop="white")
netart.render(lines, 900).save("lines.pdf")
