"""Briefs to begin with."""

from pathlib import Path

LEVAIN = Path(__file__).with_name("levain.yaml")
"""A bakery, with one campaign."""
