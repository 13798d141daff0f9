"""The command line `ai-service`."""

from ai_service.cli.app import main

__all__ = ["main"]
