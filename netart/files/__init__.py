"""Reads and writes pictures, films, their metadata, and networks and shots as files."""
