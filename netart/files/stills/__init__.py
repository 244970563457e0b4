"""Pictures as files: a module a format, and the table of all of them."""
