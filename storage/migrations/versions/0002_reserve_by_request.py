"""Budgets are reserved request by request."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BOOK_WHAT_CALLS_HELD = """
UPDATE ai_budgets SET reserved_usd = 0, spent_usd = spent_usd + COALESCE((
    SELECT SUM(COALESCE(ai_logs.cost_usd, 0))
    FROM ai_reservations JOIN ai_logs ON ai_logs.request_id = ai_reservations.request_id
    WHERE ai_reservations.owner IS NOT NULL
      AND ai_reservations.scope = ai_budgets.scope
      AND ai_reservations.scope_id = ai_budgets.scope_id
      AND ai_reservations.period = ai_budgets.period
      AND ai_reservations.month = ai_budgets.month
), 0)
"""
"""Calls that an earlier version left open are settled at what `ai_logs` says of them, open requests at their bound."""


def upgrade() -> None:
    """Apply the change."""
    op.execute(_BOOK_WHAT_CALLS_HELD)
    op.drop_table("ai_reservations")
    op.create_table(
        "ai_reservations",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("amount_usd", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "request_id", "question", "attempt", "scope", "scope_id", "period", name=op.f("pk_ai_reservations")
        ),
    )
    op.create_index(op.f("ix_ai_reservations_owner"), "ai_reservations", ["owner"])
