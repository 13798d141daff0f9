"""Measures the rules: seeded defects they must find, and valid outputs in which they must find nothing."""
