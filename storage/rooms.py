"""The tasks of this process that wait until there is room in a budget."""

import asyncio
from collections import deque
from collections.abc import Hashable


class Rooms:
    """Queues, one for each business, campaign or call whose budget is short: the first that came is woken first."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}

    async def wait(self, whose: Hashable) -> None:
        """Wait until woken."""
        woken = asyncio.get_running_loop().create_future()
        queue = self._waiting.setdefault(whose, deque())
        queue.append(woken)
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
