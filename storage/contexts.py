"""The default source of businesses and campaigns: the briefs stored in our own tables."""

from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from models.brief import Brief, BusinessContext, CampaignContext
from models.records import BriefIds
from storage.engine import reading
from storage.tables import BusinessRow, CampaignRow


class SqlContextSource:
    """Reads what `add_brief` stored."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this UUID; None: there is none.

        Raises:
            StorageError: The database refuses.
        """
        async with reading(self._engine) as session:
            row = await session.get(BusinessRow, business_id)
        return None if row is None else BusinessContext.model_validate(row.context)

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this UUID; None: there is none, or it is another business's.

        Raises:
            StorageError: The database refuses.
        """
        async with reading(self._engine) as session:
            row = await session.get(CampaignRow, campaign_id)
        if row is None or row.business_id != business_id:
            return None
        return CampaignContext.model_validate(row.context)


async def add_brief(*, session: AsyncSession, brief: Brief) -> BriefIds:
    """Add a new business and its campaign, and return their keys."""
    ids = BriefIds(business_id=str(uuid4()), campaign_id=str(uuid4()))
    business = BusinessRow(id=ids.business_id, name=brief.business.name, context=brief.business.model_dump(mode="json"))
    session.add(business)
    await session.flush()
    campaign = CampaignRow(
        id=ids.campaign_id,
        business_id=ids.business_id,
        name=brief.campaign.name,
        context=brief.campaign.model_dump(mode="json"),
    )
    session.add(campaign)
    await session.flush()
    return ids
