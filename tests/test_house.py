"""Rules of the source tree that no linter checks."""

from collections import defaultdict
from pathlib import Path

from models.vocabulary import Feature

ROOT = Path(__file__).parent.parent
PACKAGES = ("agents", "ai_service", "deps", "evals", "models", "storage")
PEERS = ROOT / "evals" / "benchmarks" / "peers"
"""Programs of their own, with an environment of their own."""


def test_no_stem_but_a_features_stands_in_two_folders() -> None:
    folders: dict[str, set[str]] = defaultdict(set)
    for package in PACKAGES:
        for file in set((ROOT / package).rglob("*.py")) - set(PEERS.rglob("*.py")):
            folders[file.stem].add(str(file.parent.relative_to(ROOT)))
    shared = {stem: where for stem, where in folders.items() if len(where) > 1 and not stem.startswith("__")}

    assert {stem: where for stem, where in shared.items() if stem not in {*Feature}} == {}
