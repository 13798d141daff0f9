"""Benchmarks: each figure of the README comes from a command here. They are no tests, and no test times anything."""
