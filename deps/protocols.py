"""The protocols that a host or `storage` implements, by structure."""

from decimal import Decimal
from typing import Protocol

from models.attempt import Attempt
from models.brief import BusinessContext, CampaignContext
from models.credentials import BusinessCredentials
from models.unaffordable import BudgetShort
from models.vocabulary import Feature


class ContextSource(Protocol):
    """Where businesses and campaigns come from. The default reads the layer's own tables.

    Ids are 1 to 64 visible characters and come as the caller wrote them.
    """

    async def get_business(self, business_id: str) -> BusinessContext | None:
        """Return the business with this id; None: there is none."""
        ...

    async def get_campaign(self, business_id: str, campaign_id: str) -> CampaignContext | None:
        """Return the campaign with this id; None: there is none, or it is another business's."""
        ...


class CredentialSource(Protocol):
    """Where the keys and models come from that businesses bring themselves. Without one all use the service's."""

    async def get_credentials(self, business_id: str, feature: Feature) -> BusinessCredentials | None:
        """Return what a business brings for a feature, for one call; None: nothing, the service's own serve.

        Asked once for each call that sends requests. What it returns is kept nowhere but in memory, where its models
        stay open.
        """
        ...


class Ledger(Protocol):
    """The books: a row for each HTTP request."""

    async def open(self, attempt: Attempt) -> None:
        """Write the row of a request about to be sent and reserve its upper bound; durable on return.

        Raises Unaffordable where a budget has no room for it.
        """
        ...

    def settle(self, attempt: Attempt) -> None:
        """Hand over the outcome of an opened request. Never waits, so that a cancelled task can call it."""
        ...

    async def flush(self) -> None:
        """Wait until everything handed over is durable."""
        ...

    def charged_usd(self, attempt: Attempt) -> Decimal | None:
        """Return what budgets are charged for a request as it is now; None: unknown."""
        ...

    async def room(self, short: BudgetShort) -> None:
        """Wait until there may be room where there was none; set a limit."""
        ...
