"""Runs the migrations for Alembic, on the connection that `storage.migrate` passes."""

from alembic import context

from storage.migrate import VERSION_TABLE
from storage.new_migration import plain_types
from storage.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    render_item=plain_types,
)
context.run_migrations()
