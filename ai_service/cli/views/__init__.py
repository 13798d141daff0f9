"""Pure functions from the layer's objects to what a terminal shows."""
