"""The agents, one module per feature, and what they share: attempts, repair, grounding, model providers."""

from importlib import import_module

from models.vocabulary import Feature


def load_agents() -> None:
    """Import the agents of all features, which takes about a second, so that no call waits for it."""
    for feature in Feature:
        import_module(f".{feature}", __package__)
