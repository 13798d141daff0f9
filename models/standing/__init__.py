"""Checks whether a sentence stands on a field of the brief: its values, and what it says of them."""
