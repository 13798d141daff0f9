"""The parts of the provider that tests talk to: what it receives, how it reacts, what it says on each API."""
