"""A static site of all presets, made from docs and presets alone: python -m docs.site FOLDER."""
