"""The one import of a host."""
