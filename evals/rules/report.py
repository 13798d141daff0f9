"""The figures of a run: for the terminal, for `docs/measurements.md`, and in `results.json`."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import JsonValue
from rich import box
from rich.table import Table
from rich.text import Text

from evals.rules.bench import LEAST_DEFECTS, LEAST_RECALL, MOST_FALSE_ALARMS, Line
from evals.rules.businesses import Outcome, summary
from evals.rules.judge import MESSAGES
from evals.rules.samples import FOLDER
from models.rules.pack import RULE_PACK_VERSION

RESULTS = FOLDER / "results.json"
FAMILIES = {
    "x": "X",
    "ig": "Instagram",
    "fb": "Facebook",
    "tt": "TikTok",
    "yt": "YouTube",
    "li": "LinkedIn",
    "th": "Threads",
    "pin": "Pinterest",
    "gbp": "Google Business",
    "wa": "WhatsApp",
    "ground": "Grounding",
    "law": "Law and policy",
    "brand": "The brand's words",
    "text": "Clean text",
    "q": "Copy quality",
    "video": "Video scripts",
    "messages": "Messages",
    "promise": "Promises in replies",
    "reply": "Replies",
    "handover": "For a person",
}
_HEADINGS = ("rules", "defects", "found", "recall", "valid outputs", "false alarms", "red when off", "worst rule")
_OF_BUSINESSES = ("briefs", "outputs", "honest errors", "hard violations")


class Row(NamedTuple):
    """The measures of a family of rules together."""

    name: str
    lines: list[Line]

    @property
    def cells(self) -> list[str]:
        """The row's figures, in the order of the headings."""
        defects = sum(line.defects for line in self.lines)
        found = defects - sum(len(line.missed) for line in self.lines)
        applicable = sum(line.applicable for line in self.lines)
        alarms = sum(len(line.alarms) for line in self.lines)
        worst = min(self.lines, key=lambda line: (line.recall, -line.false_alarms))
        off = sum(line.is_red_when_off for line in self.lines)
        return [
            *(f"{number:,}" for number in (len(self.lines), defects, found)),
            _percent(found / defects if defects else 0),
            f"{applicable:,}",
            f"{alarms} ({_percent(alarms / applicable if applicable else 0)})",
            f"{off} of {len(self.lines)}",
            f"{worst.rule} {_percent(worst.recall)}, {_percent(worst.false_alarms)}" if worst.is_worth_naming else "",
        ]


def family(rule: str) -> str:
    """Return the family of a rule, a key of `FAMILIES`."""
    first = rule.partition(".")[0]
    return "messages" if first == "ms" or (rule == "law.bot" and rule in MESSAGES) else first


def rows(lines: Sequence[Line]) -> list[Row]:
    """Return the families in order, and all rules together."""
    by_family = [Row(name, [line for line in lines if family(line.rule) == key]) for key, name in FAMILIES.items()]
    return [*(row for row in by_family if row.lines), Row("All", list(lines))]


def table(lines: Sequence[Line]) -> Table:
    """Return the families as a table for the terminal."""
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False)
    shown.add_column("")
    for heading in _HEADINGS:
        shown.add_column(heading, justify="right" if heading != "worst rule" else "left")
    for row in rows(lines):
        if row.name == "All":
            shown.add_section()
        shown.add_row(row.name, *row.cells, style=None if all(line.is_met for line in row.lines) else "red")
    return shown


def markdown(lines: Sequence[Line]) -> str:
    """Return the families as a table for `docs/measurements.md`."""
    head = ["| | " + " | ".join(_HEADINGS) + " |", "|---|" + "---:|" * (len(_HEADINGS) - 1) + "---|"]
    return "\n".join([*head, *(f"| {row.name} | " + " | ".join(row.cells) + " |" for row in rows(lines))])


def problems(lines: Sequence[Line]) -> Iterator[Text]:
    """Yield the reasons why goals are missed, with each missed defect and each false alarm."""
    for line in lines:
        for defect in line.missed:
            yield Text.assemble(
                ("missed ", "red"), (f"{line.rule} ", "bold"), f"{defect.sample.name}: {defect.mutation}"
            )
        for sample in line.alarms:
            yield Text.assemble(("false alarm ", "red"), (f"{line.rule} ", "bold"), sample.name)
        if reason := shortfall(line):
            yield Text(f"{line.rule}: {reason}", "bold red")


def shortfall(line: Line) -> str:
    """Return in words why a rule misses its goals; "" if it meets them."""
    reasons = (
        (line.defects < LEAST_DEFECTS, f"{line.defects} defects, at least {LEAST_DEFECTS} are asked"),
        (line.recall < LEAST_RECALL, f"recall {_percent(line.recall)}, at least {_percent(LEAST_RECALL)}"),
        (not line.applicable, "no valid output is for it"),
        (
            line.false_alarms > MOST_FALSE_ALARMS,
            f"false alarms {_percent(line.false_alarms)}, at most {_percent(MOST_FALSE_ALARMS)}",
        ),
        (not line.is_red_when_off, "still found when switched off"),
    )
    return "; ".join(reason for is_so, reason in reasons if is_so)


def keep(lines: Sequence[Line], held: Sequence[Line], counts: dict[str, JsonValue]) -> None:
    """Write the figures of a run to `results.json`; those of the first run are kept."""
    before: dict[str, JsonValue] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept: dict[str, JsonValue] = {
        "date": date.today().isoformat(),
        "rule_pack": RULE_PACK_VERSION,
        "counts": counts,
        "met": all(line.is_met for line in lines),
        "all": _totals(lines),
        "held_out": _totals(held),
        "first_run": before.get("first_run"),
        "businesses": before.get("businesses"),
        "rules": {line.rule: _figures(line) for line in lines},
    }
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def keep_businesses(outcomes: Sequence[Outcome]) -> None:
    """Write the results of the briefs to `results.json`."""
    kept: dict[str, JsonValue] = json.loads(RESULTS.read_text(encoding="utf-8"))
    kept["businesses"] = {kind: dict[str, JsonValue](figures) for kind, figures in summary(outcomes).items()}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table_of_businesses(outcomes: Sequence[Outcome]) -> Table:
    """Return the results of each kind of brief as a table for the terminal."""
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False)
    shown.add_column("brief")
    for heading in _OF_BUSINESSES:
        shown.add_column(heading, justify="right")
    for kind, figures in summary(outcomes).items():
        shown.add_row(kind, *(str(figure) for figure in figures.values()))
    return shown


def markdown_of_businesses(outcomes: Sequence[Outcome]) -> str:
    """Return the results of each kind of brief as a table for `docs/measurements.md`."""
    head = ["| brief | " + " | ".join(_OF_BUSINESSES) + " |", "|---|" + "---:|" * len(_OF_BUSINESSES)]
    rows = [
        f"| {kind} | " + " | ".join(map(str, figures.values())) + " |" for kind, figures in summary(outcomes).items()
    ]
    return "\n".join([*head, *rows])


def _totals(lines: Sequence[Line]) -> dict[str, JsonValue]:
    defects, missed = sum(line.defects for line in lines), sum(len(line.missed) for line in lines)
    applicable, alarms = sum(line.applicable for line in lines), sum(len(line.alarms) for line in lines)
    return {
        "defects": defects,
        "found": defects - missed,
        "recall": round(1 - missed / defects, 4) if defects else None,
        "applicable": applicable,
        "false_alarms": alarms,
        "false_alarm_share": round(alarms / applicable, 5) if applicable else None,
    }


def _figures(line: Line) -> dict[str, JsonValue]:
    return {**_totals([line]), "found_when_off": line.found_off, "met": line.is_met}


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0") + "%"
