"""Tells whether another process still runs."""

import os
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname

PROC = Path("/proc")
"""Linux's view of its processes. Without it, a process counts as dead only by its silence."""

_DEAD_STATES = {"Z", "X"}
_STATE, _BEGAN = 0, 19
"""Fields of `/proc/PID/stat`, counted from the one after the name (proc(5): 3 and 22)."""


@dataclass(frozen=True, slots=True)
class Process:
    """Identifies a process across machines and restarts."""

    host: str
    """The machine, its boot, and the namespace of `pid`: containers have their own."""
    pid: int
    began: str
    """Its start time in clock ticks; empty where the system does not tell."""


def this_process(proc: Path = PROC) -> Process:
    """Return the current process."""
    pid = os.getpid()
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        host = f"{gethostname()} {boot} {os.readlink(proc / 'self/ns/pid')}"
    except OSError:
        return Process(gethostname(), pid, "")
    return Process(host, pid, _began(proc, pid))


def runs(process: Process, *, seen_from: Process, proc: Path = PROC) -> bool | None:
    """Return whether the process runs; None: it cannot be seen from here."""
    if process.host != seen_from.host or not seen_from.began:
        return None
    return _began(proc, process.pid) == process.began


def _began(proc: Path, pid: int) -> str:
    """Return the start time of the process; empty: there is none, or it is a zombie."""
    try:
        # the name before the last parenthesis may hold spaces and parentheses
        fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[_STATE] in _DEAD_STATES else fields[_BEGAN]
