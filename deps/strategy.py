"""The tasks of the strategy feature: name a campaign's pillars, write the themes of some days."""

from datetime import date
from typing import Literal

from pydantic import Field

from deps.tasks import Rewrite, Task
from models.base import Frozen
from models.brief import Offer
from models.vocabulary import ContentType, Network, Role


class PillarTask(Task):
    """Name the subjects of a campaign."""

    kind: Literal["pillars"] = "pillars"


class DayBrief(Frozen):
    """One day that a theme is asked for."""

    day: int
    date: date
    content_type: ContentType
    network: Network | None
    role: Role
    angle: str
    """The way in, e.g. `common_mistake`."""
    angle_hint: str
    """The angle in a few English words."""
    pillar: str
    offer: Offer | None
    key_date: str | None


class ThemeTask(Task):
    """Write the themes of some days."""

    kind: Literal["themes"] = "themes"
    days: list[DayBrief] = Field(min_length=1)
    avoid: list[str]
    """Themes that are taken: none may come near one of them."""
    rewrite: list[Rewrite] = Field(default_factory=list[Rewrite])
    """What was wrong with earlier themes of these days."""
