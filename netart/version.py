"""The version of netart."""

__version__ = "0.1.0"
