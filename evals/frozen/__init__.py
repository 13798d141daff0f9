"""Texts that were written before the rules that judge them, and are never mended on: one file per round and kind."""
