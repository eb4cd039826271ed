"""Runs with the image's own Python: see `run` beside this file."""
