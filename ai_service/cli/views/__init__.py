"""Pure functions that render objects for the terminal."""
