"""Whether a process runs, told from what Linux says of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from storage.processes import Process, runs, this_process

HERE = Process("here", 1, "1000")


def stat(proc: Path, pid: int, state: str, began: int) -> None:
    """Write what proc(5) says of a process with an odd name."""
    (proc / str(pid)).mkdir()
    fields = " ".join(["0"] * 18)
    (proc / str(pid) / "stat").write_text(f"{pid} (a) b (c) {state} {fields} {began} 0 0")


def test_this_process_runs() -> None:
    here = this_process()

    assert runs(here, seen_from=here) is True


def test_another_host_cannot_be_seen() -> None:
    here = this_process()

    assert runs(replace(here, host="elsewhere"), seen_from=here) is None


@pytest.mark.parametrize(
    ("state", "began", "running"), [("S", 5000, True), ("R", 5001, False), ("Z", 5000, False), ("X", 5000, False)]
)
def test_a_process_is_the_same_when_it_began_at_the_same_time_and_is_not_dead(
    tmp_path: Path, state: str, began: int, running: bool
) -> None:
    stat(tmp_path, 42, state, began)

    assert runs(Process("here", 42, "5000"), seen_from=HERE, proc=tmp_path) is running


def test_a_process_that_is_not_there_does_not_run(tmp_path: Path) -> None:
    assert runs(Process("here", 42, "5000"), seen_from=HERE, proc=tmp_path) is False


def test_where_the_system_does_not_tell_nothing_can_be_seen(tmp_path: Path) -> None:
    here = this_process(tmp_path)

    assert here.began == ""
    assert runs(here, seen_from=here, proc=tmp_path) is None
