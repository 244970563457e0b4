"""Draws on many machines, the workers of a Dask cluster."""
