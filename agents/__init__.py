"""The agents, one module per feature, and what they share: attempts, repair, grounding, model providers."""
