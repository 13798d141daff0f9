"""The problems of a brief, or its summary."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ai_service.cli.views.text import counted, label_grid, network_name, plain
from ai_service.errors import Problem
from models.brief import Brief


def problem_list(problems: Sequence[Problem]) -> RenderableType:
    """Return the problems, each with field, message and fix."""
    return Group(*map(_problem, problems), Text(counted(len(problems), "problem"), style="bold red"))


def summary(brief: Brief) -> RenderableType:
    """Return the main fields of a brief."""
    business, campaign = brief.business, brief.campaign
    held = [counted(len(business.offers), "offer"), counted(len(business.facts), "fact")]
    held += [counted(len(business.links), "link"), counted(len(campaign.key_dates), "key date")]
    return label_grid(
        {
            "Business": f"{business.name}, {business.industry}",
            "Tone": business.tone,
            "Language": ", ".join(business.languages),
            "Networks": ", ".join(map(network_name, business.networks)) or "none named",
            "Closed": ", ".join(business.closed_days) or "on no day",
            "Holds": ", ".join(held),
            "Campaign": ", ".join(filter(None, (campaign.name, campaign.goal))),
            "Begins": f"{campaign.start_date or 'the day the calendar is asked for'}",
        }
    )


def _problem(problem: Problem) -> RenderableType:
    return Group(
        plain(problem.field, "bold"),
        Padding(plain(problem.message, "red"), (0, 0, 0, 2)),
        Padding(Text.assemble("→ ", plain(problem.fix)), (0, 0, 1, 2)),
    )
