"""Benchmarks: a command here produces each figure of the README. Benchmarks are not tests, and no test is timed."""
