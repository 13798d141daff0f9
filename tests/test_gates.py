"""The gates of a service: the gate comes first, then a place, and whoever goes away leaves both as they were."""

from agents.gates import Gates
from agents.places import Places
from deps.clock import Clock


def new_gates(clock: Clock, *, at_once: int = 100, first_wait_s: float = 0.5) -> Gates:
    return Gates(places=Places(at_once, most_waiting=1_000), first_wait_s=first_wait_s, clock=clock)
