"""Several campaigns of a business, content that is reviewed, and budgets of one business alone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_OF_A_CUSTOMER = sa.text("customer_id IS NOT NULL")


def upgrade() -> None:
    """Apply the change."""
    _review()
    _several_campaigns()
    _customers()
    _attempts()
    _budgets()


def _review() -> None:
    op.create_table(
        "ai_content_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_id", sa.String(), nullable=False),
        sa.Column("business_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["ai_content.content_id"],
            name=op.f("fk_ai_content_changes_content_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_content_changes")),
        sa.UniqueConstraint("content_id", "revision", name=op.f("uq_ai_content_changes_content_id_revision")),
    )
    for name, kind in (("user_id", sa.String()), ("customer_id", sa.String()), ("generated", sa.JSON())):
        op.add_column("ai_content", sa.Column(name, kind, nullable=True))
    op.drop_index("ix_ai_content_newest", "ai_content")
    for name, columns in (
        ("ix_ai_content_newest", ["business_id", "campaign_id", "feature", "day", "id"]),
        ("ix_ai_content_business", ["business_id", "id"]),
        ("ix_ai_content_campaign", ["business_id", "campaign_id", "id"]),
        ("ix_ai_content_state", ["business_id", "state", "id"]),
    ):
        op.create_index(name, "ai_content", columns)


def _several_campaigns() -> None:
    for table in ("ai_businesses", "ai_campaigns"):
        op.add_column(table, sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_ai_businesses_newest", "ai_businesses", ["created_at", "id"])
    op.create_index("ix_ai_campaigns_newest", "ai_campaigns", ["business_id", "created_at", "id"])
    op.drop_index("ix_ai_campaigns_business_id", "ai_campaigns")


def _customers() -> None:
    for name in ("user_id", "customer_id"):
        op.execute(
            f"UPDATE ai_content SET {name} = "
            f"(SELECT max(ai_logs.{name}) FROM ai_logs WHERE ai_logs.request_id = ai_content.request_id)"
        )
    for table in ("ai_content", "ai_logs"):
        op.create_index(
            f"ix_{table}_customer",
            table,
            ["business_id", "customer_id"],
            sqlite_where=_OF_A_CUSTOMER,
            postgresql_where=_OF_A_CUSTOMER,
        )


def _attempts() -> None:
    failed = sa.text("status NOT IN ('ok', 'sent')")
    op.create_index("ix_ai_logs_failed", "ai_logs", ["started_at", "id"], sqlite_where=failed, postgresql_where=failed)


def _budgets() -> None:
    for table, key in (
        ("ai_budgets", ["business_id", "scope", "scope_id", "period"]),
        ("ai_reservations", ["request_id", "question", "attempt", "business_id", "scope", "scope_id", "period"]),
    ):
        op.add_column(table, sa.Column("business_id", sa.String(), nullable=False, server_default=""))
        op.execute(f"UPDATE {table} SET business_id = scope_id WHERE scope = 'business'")
        for source, column in (("ai_campaigns", "id"), ("ai_logs", "campaign_id")):
            op.execute(
                f"UPDATE {table} SET business_id = coalesce("
                f"(SELECT max({source}.business_id) FROM {source} WHERE {source}.{column} = scope_id), '') "
                "WHERE business_id = ''"
            )
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(f"pk_{table}", key)
