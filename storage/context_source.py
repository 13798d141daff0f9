"""The default `ContextSource`: the briefs stored in the package's own tables."""

from uuid import uuid4

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models.brief import Brief, BusinessContext, CampaignContext
from models.records import BriefIds
from storage.patience import fetch, persist
from storage.tables import BusinessRow, CampaignRow, Row, table_of, utc_now

_BUSINESSES, _CAMPAIGNS = table_of(BusinessRow), table_of(CampaignRow)
# built once: that costs as much as to run them
_BUSINESS = select(_BUSINESSES.c.context).where(_BUSINESSES.c.id == bindparam("id"))
_CAMPAIGN = select(_CAMPAIGNS.c.context).where(
    _CAMPAIGNS.c.id == bindparam("id"), _CAMPAIGNS.c.business_id == bindparam("business_id")
)


class SqlContextSource:
    """Reads what `add_brief` stored."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this UUID; None: there is none.

        Raises:
            StorageError: The database refuses, and waiting does not help.
        """
        context = await fetch(self._engine, lambda connection: connection.scalar(_BUSINESS, {"id": business_id}))
        return None if context is None else BusinessContext.model_validate(context)

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this UUID; None: there is none, or it is another business's.

        Raises:
            StorageError: The database refuses, and waiting does not help.
        """
        ids = {"id": campaign_id, "business_id": business_id}
        context = await fetch(self._engine, lambda connection: connection.scalar(_CAMPAIGN, ids))
        return None if context is None else CampaignContext.model_validate(context)


async def add_brief(engine: AsyncEngine, brief: Brief) -> BriefIds:
    """Store a new business and its campaign, and return their ids.

    Raises:
        StorageError: The database refuses, and waiting does not help.
    """
    # outside of the transaction, which may be retried
    ids = BriefIds(business_id=str(uuid4()), campaign_id=str(uuid4()))
    await persist(engine, lambda connection: _add(ids, brief, connection=connection))
    return ids


def _add(ids: BriefIds, brief: Brief, *, connection: Connection) -> None:
    now = utc_now()
    times = {"revision": 1, "created_at": now, "updated_at": now}
    business, campaign = brief.business, brief.campaign
    rows: list[tuple[type[Row], dict[str, object]]] = [
        (BusinessRow, {"id": ids.business_id, "name": business.name, "context": business.model_dump(mode="json")}),
        (
            CampaignRow,
            {
                "id": ids.campaign_id,
                "business_id": ids.business_id,
                "name": campaign.name,
                "context": campaign.model_dump(mode="json"),
            },
        ),
    ]
    for row, values in rows:
        # PostgreSQL's dialect, whose syntax SQLite shares
        connection.execute(insert(table_of(row)).values(**values, **times).on_conflict_do_nothing())
