"""Rules of the source tree that no linter checks."""

from collections import defaultdict
from pathlib import Path

import agents
import ai_service
import deps
import evals
import models
import storage
from models.vocabulary import Feature

FOLDERS = [Path(package.__path__[0]) for package in (agents, ai_service, deps, evals, models, storage)]
PEERS = Path(evals.__path__[0], "benchmarks", "peers")
"""Programs of their own, with an environment of their own."""


def test_no_stem_but_a_features_stands_in_two_folders() -> None:
    stems: dict[str, set[Path]] = defaultdict(set)
    for file in {file for folder in FOLDERS for file in folder.rglob("*.py")} - {*PEERS.rglob("*.py")}:
        stems[file.stem].add(file.parent)
    shared = {stem: where for stem, where in stems.items() if len(where) > 1 and not stem.startswith("__")}

    assert len(stems) > 100
    assert {stem: where for stem, where in shared.items() if stem not in {*Feature}} == {}
