"""Shots as pages that run in a browser, and as shader text for other programs."""
