"""The embedded provider of the demo, tests and development."""
