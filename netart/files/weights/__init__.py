"""Networks as files of weights: a module a format, and the table of all of them."""
