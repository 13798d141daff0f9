"""Input and output types: briefs, results, vocabulary, and the publishing rules. Pure data and pure functions."""
