"""A list of violations."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ai_service.cli.views.text import DIM, counted, network_name, plain
from models.rules.pack import RULE_PACK_VERSION
from models.vocabulary import Network, Violation


def violation_list(found: Sequence[Violation], network: Network) -> RenderableType:
    """Return the broken rules with place and fix, hard ones first, and their number."""
    hard = [violation for violation in found if violation.severity == "hard"]
    soft = [violation for violation in found if violation.severity == "soft"]
    verdict = Text.assemble(
        (counted(len(hard), "hard rule"), "bold red" if hard else "bold green"),
        f", {counted(len(soft), 'soft rule')} broken on {network_name(network)}",
        (f"  (rules of {RULE_PACK_VERSION}, no legal advice)", DIM),
    )
    return Group(*map(_violation, (*hard, *soft)), verdict)


def _violation(violation: Violation) -> RenderableType:
    style = "red" if violation.severity == "hard" else "yellow"
    place = f"{violation.path}[{violation.span[0]}:{violation.span[1]}]" if violation.span else violation.path
    return Group(
        Text.assemble((violation.severity, f"bold {style}"), f"  {violation.rule_id}  ", (place, DIM)),
        Padding(plain(violation.message), (0, 0, 1, 2)),
    )
