"""The parts of the scripted provider: received requests, reactions, and the answers of each API."""
