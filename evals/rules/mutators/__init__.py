"""Mutators: changes to valid outputs that break one rule each. They import neither the rules nor their counters."""
