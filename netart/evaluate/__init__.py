"""Evaluates a network at every pixel of a picture: one definition, and two fast evaluators."""
