"""Benchmarks: a command here produces each figure of `docs/measurements.md`. None is a test, and no test is timed."""
