"""The command that checks a post."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from ai_service.cli.brief_file import load_brief
from ai_service.cli.options import Json
from ai_service.cli.post_file import load_post
from ai_service.cli.terminal import Answer, errors_shown, show
from ai_service.cli.views.violation_list import violation_list
from ai_service.standalone import check as broken_rules
from models.rules.pack import RULE_PACK_VERSION
from models.vocabulary import Network, Violation

_VIOLATIONS = TypeAdapter(list[Violation])


def check(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A post: YAML, JSON, or its caption as .txt or .md.", show_default=False),
    ],
    network: Annotated[Network, typer.Option(case_sensitive=False, help="The network it is for.", show_default=False)],
    brief: Annotated[Path | None, typer.Option(metavar="FILE", help="A brief: also check the post against it.")] = None,
    as_json: Json = False,
) -> None:
    """List the rules that a post breaks. The exit code is 1 if the network would refuse it. Not legal advice."""
    with errors_shown(database=None, as_json=as_json):
        found = broken_rules(load_post(file), network, load_brief(brief) if brief else None)
    blocked = any(violation.severity == "hard" for violation in found)
    document = {
        "ok": not blocked,
        "network": network.value,
        "rule_pack_version": RULE_PACK_VERSION,
        "violations": _VIOLATIONS.dump_python(found, mode="json"),
    }
    show(Answer(document, violation_list(found, network)), as_json=as_json)
    if blocked:
        raise typer.Exit(1)
