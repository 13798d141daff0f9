"""Fixture datasets, evaluators and the runner."""
