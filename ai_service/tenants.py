"""The tenants' part of `AIService`: businesses, their campaigns and customers are stored, changed and deleted."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TypeVar

from pydantic import Field

from ai_service.errors import ConfigurationError, NotFound
from ai_service.ids import Id, Key, StoredId
from ai_service.runtime import Runtime, answering, flushed
from ai_service.service_part import ServicePart
from ai_service.storage_errors import storage_errors
from models.base import Given
from models.brief import BusinessContext, CampaignContext
from models.paging import Page
from models.records import Removal, SavedBusiness, SavedCampaign
from storage.briefs import (
    add_business,
    add_campaign,
    get_business,
    get_campaign,
    list_businesses,
    list_campaigns,
    update_business,
    update_campaign,
)
from storage.retention import delete_business, delete_campaign, delete_customer

FoundT = TypeVar("FoundT")


class _Listing(Given):
    after: str | None = Field(default=None, min_length=1, max_length=300)
    limit: int = Field(ge=1, le=200)


class _OfBusiness(Given):
    business_id: StoredId


class _OfCampaign(_OfBusiness):
    campaign_id: StoredId


class _OfCustomer(_OfBusiness):
    customer_id: Key


class _CampaignListing(_Listing, _OfBusiness):
    pass


class _Business(Given):
    business: BusinessContext


class _Campaign(_OfBusiness):
    campaign: CampaignContext


class _BusinessChange(_OfBusiness, _Business):
    revision: int = Field(ge=1, le=2**31 - 1)


class _CampaignChange(_OfCampaign, _Campaign):
    revision: int = Field(ge=1, le=2**31 - 1)


class Tenants(ServicePart):
    """What is stored of businesses. With a `ContextSource` they are the host's, and only deletion is here."""

    @property
    @abstractmethod
    def _keeps_briefs(self) -> bool:
        """Whether businesses and campaigns are in the package's own tables."""

    async def add_business(self, business: BusinessContext | Mapping[str, object]) -> SavedBusiness:
        """Store a business without a campaign."""
        asked = self._checked(_Business, business=business)
        async with answering(self._with_briefs) as engine:
            return await add_business(engine, asked.business)

    async def add_campaign(self, business_id: Id, campaign: CampaignContext | Mapping[str, object]) -> SavedCampaign:
        """Store one more campaign of a business. Raises NotFound for an unknown business."""
        asked = self._checked(_Campaign, business_id=business_id, campaign=campaign)
        async with answering(self._with_briefs) as engine:
            return _business(await add_campaign(engine, asked.business_id, asked.campaign), asked)

    async def get_business(self, business_id: Id) -> SavedBusiness:
        """Return a business. Raises NotFound."""
        asked = self._checked(_OfBusiness, business_id=business_id)
        async with answering(self._with_briefs) as engine:
            return _business(await get_business(engine, asked.business_id), asked)

    async def get_campaign(self, business_id: Id, campaign_id: Id) -> SavedCampaign:
        """Return a campaign. Raises NotFound, also for another business's."""
        asked = self._checked(_OfCampaign, business_id=business_id, campaign_id=campaign_id)
        async with answering(self._with_briefs) as engine:
            return _campaign(await get_campaign(engine, asked.business_id, asked.campaign_id), asked)

    async def list_businesses(self, *, after: str | None = None, limit: int = 20) -> Page[SavedBusiness]:
        """Return a page of all businesses, newest first; `after` is that of the page before. The operator's."""
        asked = self._checked(_Listing, after=after, limit=limit)
        async with answering(self._with_briefs) as engine:
            return await list_businesses(engine, after=asked.after, limit=asked.limit)

    async def list_campaigns(
        self, business_id: Id, *, after: str | None = None, limit: int = 20
    ) -> Page[SavedCampaign]:
        """Return a page of a business's campaigns, newest first; `after` is that of the page before.

        Raises NotFound for an unknown business.
        """
        asked = self._checked(_CampaignListing, business_id=business_id, after=after, limit=limit)
        async with answering(self._with_briefs) as engine:
            page = await list_campaigns(engine, asked.business_id, after=asked.after, limit=asked.limit)
            if not page.items:
                _business(await get_business(engine, asked.business_id), asked)
        return page

    async def update_business(
        self, business_id: Id, business: BusinessContext | Mapping[str, object], revision: int
    ) -> SavedBusiness:
        """Replace what a business states; `revision` is the one that was read. Calls from now on work from it.

        Raises NotFound, StaleRevision where somebody else changed it first.
        """
        asked = self._checked(_BusinessChange, business_id=business_id, business=business, revision=revision)
        async with answering(self._with_briefs) as engine:
            return _business(await update_business(engine, asked.business_id, asked.business, asked.revision), asked)

    async def update_campaign(
        self, business_id: Id, campaign_id: Id, campaign: CampaignContext | Mapping[str, object], revision: int
    ) -> SavedCampaign:
        """Replace what a campaign states; otherwise as `update_business`. Its calendar stays until it is made anew."""
        ids = {"business_id": business_id, "campaign_id": campaign_id}
        asked = self._checked(_CampaignChange, **ids, campaign=campaign, revision=revision)
        this = (asked.business_id, asked.campaign_id)
        async with answering(self._with_briefs) as engine:
            return _campaign(await update_campaign(engine, *this, asked.campaign, asked.revision), asked)

    async def delete_business(self, business_id: Id, *, dry_run: bool = False) -> Removal:
        """Delete everything of a business: brief, campaigns, content, requests, idempotency keys and budgets."""
        asked = self._checked(_OfBusiness, business_id=business_id)
        engine = await flushed(self._open)
        with storage_errors():
            return await delete_business(engine, asked.business_id, dry_run=dry_run)

    async def delete_campaign(self, business_id: Id, campaign_id: Id, *, dry_run: bool = False) -> Removal:
        """Delete a campaign: brief, content, idempotency keys and budget. Raises NotFound where nothing is stored.

        Its requests lose users, customers, answers and errors; tokens and cost stay. Calls that are running are not
        stopped: delete again after them.
        """
        asked = self._checked(_OfCampaign, business_id=business_id, campaign_id=campaign_id)
        engine = await flushed(self._open)
        with storage_errors():
            removal = await delete_campaign(engine, asked.business_id, asked.campaign_id, dry_run=dry_run)
        return _campaign(removal, asked)

    async def delete_customer(self, business_id: Id, customer_id: str, *, dry_run: bool = False) -> Removal:
        """Delete what is stored of a customer: replies and their keys; otherwise as `delete_campaign`.

        Rows that `anonymise_before` has cleared name no customer any more. Raises NotFound where nothing is stored.
        """
        asked = self._checked(_OfCustomer, business_id=business_id, customer_id=customer_id)
        engine = await flushed(self._open)
        with storage_errors():
            removal = await delete_customer(engine, asked.business_id, asked.customer_id, dry_run=dry_run)
        if removal is None:
            raise NotFound(f"nothing is stored of a customer {asked.customer_id!r} of business {asked.business_id!r}")
        return removal

    @property
    def _with_briefs(self) -> Runtime:
        if not self._keeps_briefs:
            raise ConfigurationError("your ContextSource brings businesses and campaigns: read and change them there")
        return self._open


def _business(found: FoundT | None, asked: _OfBusiness) -> FoundT:
    if found is None:
        raise NotFound(f"no business {asked.business_id!r}: pass one that add_business or add_brief returned")
    return found


def _campaign(found: FoundT | None, asked: _OfCampaign) -> FoundT:
    if found is None:
        raise NotFound(
            f"business {asked.business_id!r} has no campaign {asked.campaign_id!r}: pass ids that belong together"
        )
    return found
