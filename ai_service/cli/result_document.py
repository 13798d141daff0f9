"""Turns the result of a generating call into what a command prints."""

from dataclasses import asdict
from pathlib import Path

from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.text import Text

from ai_service.cli.terminal import Answer
from ai_service.cli.views.text import DIM, counted, plain, usd
from ai_service.result import AIResult, OutputT
from models.records import BriefIds


def answer(result: AIResult[OutputT], ids: BriefIds, view: RenderableType, *, path: Path | None = None) -> Answer:
    """Return the answer of a generating command."""
    return Answer(document(result, ids, path=path), Group(view, Text(), footer(result, ids)))


def document(result: AIResult[OutputT], ids: BriefIds, *, path: Path | None = None) -> dict[str, JsonValue]:
    """Return a result as JSON, with the number of its attempts: `logs --request ID` lists them.

    `path` is the file that a picture was written to; its bytes are left out then.
    """
    return {
        "output": result.output.model_dump(mode="json", exclude={"base64"} if path else None),
        **({"path": str(path)} if path else {}),
        "feature": result.feature,
        "business_id": ids.business_id,
        "campaign_id": ids.campaign_id or None,
        "content_id": result.content_id,
        "request_id": result.request_id,
        "model": result.model,
        "sandbox": result.sandbox,
        "rule_pack_version": result.rule_pack_version,
        "attempts": len(result.attempts),
        "usage": asdict(result.usage),
        "cost_usd": None if result.cost_usd is None else str(result.cost_usd),
        "notes": [*result.notes],
        "input_warnings": [*result.input_warnings],
    }


def footer(result: AIResult[OutputT], ids: BriefIds) -> Text:
    """Return what is missing, the notes, the model, tokens and cost, and the ids for the next command."""
    usage = result.usage
    taken = f"{counted(usage.requests, 'request')} · {usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    facts = [f"{result.model} · {taken} · {usd(result.cost_usd)}", f"request {result.request_id}"]
    keys = [f"--business {ids.business_id}", *([f"--campaign {ids.campaign_id}"] if ids.campaign_id else [])]
    return Text("\n").join(
        [
            *(Text.assemble(("missing  ", "yellow"), plain(f"{lost.part}: {lost.detail}")) for lost in result.failed),
            *(Text.assemble(("note  ", DIM), plain(note)) for note in result.notes),
            *(Text.assemble(("input  ", "yellow"), plain(warning)) for warning in result.input_warnings),
            *(plain(line, DIM) for line in (*facts, *keys)),
        ]
    )
