"""The error for an answer without one certain meaning."""


class Unclear(ValueError):
    """An answer, or a part of it, that could mean two things or nothing; the message says so to a model."""
