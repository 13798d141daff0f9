"""The one hand that writes `ai_logs`: a thread, so that a transaction is one hop and a locked file blocks no loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.attempts import INSERT, SETTLE, Values
from storage.engine import blocking_engine


class AttemptWriter:
    """Writes rows and settlements of `ai_logs` in transactions of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = blocking_engine(engine)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def write(self, rows: list[Values], settlements: list[Values]) -> Exception | None:
        """Write all in one transaction, rows first. Return why it failed, and nothing is written; None: all is."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, rows, settlements)

    async def close(self) -> None:
        """Close the file, after what is being written."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown(wait=False)

    def _transact(self, rows: list[Values], settlements: list[Values]) -> Exception | None:
        try:
            with self._engine.begin() as connection:
                if rows:
                    connection.execute(INSERT, rows)
                if settlements:
                    connection.execute(SETTLE, settlements)
        except Exception as error:
            # An edge: whatever escaped would end the ledger's task and leave every call waiting.
            return error
        return None


def is_refusal(error: Exception) -> bool:
    """Whether the database is at fault, so that trying again may help, and not a row."""
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError | ProgrammingError)
