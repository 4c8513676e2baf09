"""Judges optimisers by the quality of what they find: see README.md."""
