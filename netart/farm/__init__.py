"""Draws on many machines, the workers of a Dask cluster: see netart/farm/evaluator.py."""
