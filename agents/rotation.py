"""Who waits, in the order of their turns: businesses take turns, and within one the first to come goes first."""

from collections import deque
from collections.abc import Iterator
from itertools import zip_longest
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Rotation(Generic[ItemT]):
    """Waiting items by business."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[ItemT]] = {}
        """The business whose turn is next stands first; none is empty."""

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._queues.values()))

    def __iter__(self) -> Iterator[ItemT]:
        """Yield all in the order of their turns, were they taken one by one."""
        for turns in zip_longest(*map(tuple, self._queues.values())):
            yield from (item for item in turns if item is not None)

    def add(self, business_id: str, item: ItemT) -> None:
        """Let an item wait behind those of its business."""
        self._queues.setdefault(business_id, deque()).append(item)

    def remove(self, business_id: str, item: ItemT) -> None:
        """Take out an item that no longer waits, if it is still there: its business keeps its turn."""
        queue = self._queues.get(business_id)
        if queue and item in queue:
            queue.remove(item)
            if not queue:
                del self._queues[business_id]

    def take(self, business_id: str, item: ItemT) -> None:
        """Take out an item whose turn it is: its business goes behind the others."""
        self.remove(business_id, item)
        if queue := self._queues.pop(business_id, None):
            self._queues[business_id] = queue
