"""The publishing rules: `checking` (networks), `compliance` (law), `claims` (grounding), `copy_quality`, `speech`."""
