"""Keeps long-lived objects out of garbage collections."""

import gc
from functools import cache


@cache
def freeze_once() -> None:
    """Freeze what is on the heap now, the first time this is called in a process.

    The imports alone are some 200,000 objects. A full collection looks at all of them, again and again: for 0.1 to
    0.4 seconds the loop stands still, and every deadline with it. Frozen objects are left out. They are freed all the
    same when nobody holds them any more, except those in cycles. Where the host has frozen its heap itself, or has
    turned the collector off, nothing is done; `gc.unfreeze()` undoes it.
    """
    if gc.isenabled() and not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
