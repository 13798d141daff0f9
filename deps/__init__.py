"""What an agent is told: the bundle a run depends on, the protocols it is filled through, untrusted text as data."""
