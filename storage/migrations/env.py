"""What Alembic runs: our migrations, on the connection that `storage.migrate` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from storage.migrate import VERSION_TABLE
from storage.tables import Row


def plain_types(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they store: a migration must mean the same when the code has moved on."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    render_item=plain_types,
)
context.run_migrations()
