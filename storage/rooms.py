"""The tasks of this process that wait until there is room in a budget."""

import asyncio
from collections import deque
from collections.abc import Hashable

_POLL_S = 0.2
"""How often one of those who wait tries again: what other processes release wakes nobody here."""


class Rooms:
    """Queues, one for each business, campaign or call whose budget is short: the first that came is woken first."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}
        self._polled: set[Hashable] = set()

    async def wait(self, whose: Hashable) -> None:
        """Wait until woken."""
        woken = asyncio.get_running_loop().create_future()
        queue = self._waiting.setdefault(whose, deque())
        queue.append(woken)
        self._poll_later(whose)
        try:
            await woken
        except asyncio.CancelledError:
            if woken.done() and not woken.cancelled():
                self.wake(whose)  # the next one has this one's turn
            raise
        finally:
            if woken in queue:
                queue.remove(woken)
            if not queue:
                self._waiting.pop(whose, None)

    def wake(self, whose: Hashable) -> None:
        """Let the one that has waited longest try again; whoever then has room wakes the next."""
        queue = self._waiting.get(whose, deque())
        while queue:
            woken = queue.popleft()
            if not woken.done():
                woken.set_result(None)
                return

    def _poll_later(self, whose: Hashable) -> None:
        if whose not in self._polled:
            self._polled.add(whose)
            asyncio.get_running_loop().call_later(_POLL_S, self._poll, whose)

    def _poll(self, whose: Hashable) -> None:
        """Let one try, for all who wait."""
        self._polled.discard(whose)
        if self._waiting.get(whose):
            self.wake(whose)
            self._poll_later(whose)
