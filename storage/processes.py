"""Whether a process still runs, as far as this one can tell."""

import os
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname

PROC = Path("/proc")
"""Where Linux tells of its processes. Where it doesn't, only silence tells that a process is dead."""

_DEAD_STATES = {"Z", "X"}
_STATE, _BEGAN = 0, 19
"""Fields of `/proc/PID/stat`, counted from the one after the name (proc(5): 3 and 22)."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process, told from every other one, on other machines and at other times too."""

    host: str
    """The machine since it was started, and the namespace that `pid` is counted in: containers have their own."""
    pid: int
    began: str
    """When it was started, in ticks; empty where the system doesn't tell."""


def this_process(proc: Path = PROC) -> Process:
    """Return the process that this code runs in."""
    pid = os.getpid()
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        host = f"{gethostname()} {boot} {os.readlink(proc / 'self/ns/pid')}"
    except OSError:
        return Process(gethostname(), pid, "")
    return Process(host, pid, _began(proc, pid))


def runs(process: Process, *, seen_from: Process, proc: Path = PROC) -> bool | None:
    """Return whether the process runs; None: that can't be seen from here."""
    if process.host != seen_from.host or not seen_from.began:
        return None
    return _began(proc, process.pid) == process.began


def _began(proc: Path, pid: int) -> str:
    """Return when the process was started; empty: there is none, or it is dead and only not yet buried."""
    try:
        # the name before the last bracket may hold blanks and brackets
        fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[_STATE] in _DEAD_STATES else fields[_BEGAN]
