"""The measurement of the rules: its data, its mutators' independence of the checks, and the report of a red rule."""

import ast
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals import text_checks
from evals.cases import brief_of
from evals.rules import bench, businesses, mutators, report
from evals.rules.bench import Line
from evals.rules.brief_kinds import BRIEFS
from evals.rules.businesses import Outcome
from evals.rules.judge import every_rule, judged
from evals.rules.mutators.changes import posts_for
from evals.rules.mutators.lengths import BLOCKS, made
from evals.rules.mutators.words import said_wrongly
from evals.rules.rules_command import app
from evals.rules.samples import Defect, Sample
from evals.rules.valid_outputs import valid_outputs
from models import counting, grounding, normalising, publishing, rules
from models.content import Post
from models.strategy import CalendarDay
from models.vocabulary import ContentType, FunnelStage, Network, Role

_CHECKS = tuple(module.__name__ for module in (text_checks, counting, grounding, normalising, publishing, rules))
_MUTATORS = Path(mutators.__file__).parent


@pytest.fixture(scope="module")
def seeded() -> list[Defect]:
    return bench.defects()


@pytest.fixture(scope="module")
def by_rule(seeded: list[Defect]) -> dict[str, list[Defect]]:
    return {rule: [defect for defect in seeded if defect.rule == rule] for rule in every_rule()}


def imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{name.name}" for name in node.names}
    return names


@pytest.mark.parametrize("path", [*_MUTATORS.glob("*.py"), _MUTATORS.parent / "samples.py"], ids=lambda path: path.stem)
def test_a_mutator_imports_nothing_of_the_checks(path: Path) -> None:
    assert not [name for name in imported_by(path) if name.startswith(_CHECKS) or name.startswith("evals.rules.judge")]


def test_each_rule_has_at_least_five_defects(by_rule: dict[str, list[Defect]]) -> None:
    assert not {rule: len(defects) for rule, defects in by_rule.items() if len(defects) < bench.LEAST_DEFECTS}


def test_each_defect_is_of_a_rule_that_exists(seeded: list[Defect]) -> None:
    assert {defect.rule for defect in seeded} == set(every_rule())


def test_the_defects_are_distinct_and_differ_from_the_valid_outputs(seeded: list[Defect]) -> None:
    fields = [
        str((defect.rule, defect.sample.business, defect.sample.fields, defect.sample.changes)) for defect in seeded
    ]
    valid = {str((sample.fields, sample.changes)) for sample in valid_outputs()}

    assert [text for text, count in Counter(fields).items() if count > 1] == []
    assert not [d for d in seeded if str((d.sample.fields, d.sample.changes)) in valid]


def test_there_are_three_hundred_defects_in_six_languages(seeded: list[Defect]) -> None:
    worded = [defect for defect in seeded if defect.sample.kind not in ("edge", "template")]

    assert len(worded) >= 300
    assert len({defect.sample.language for defect in worded}) >= 6


def test_there_are_three_hundred_valid_outputs_in_eight_languages() -> None:
    valid = valid_outputs()
    texts = {str(sample.fields.get("caption") or sample.fields.get("reply") or sample.fields) for sample in valid}

    assert len(valid) >= 300
    assert len(texts) >= 120
    assert len({sample.language for sample in valid}) >= 8
    assert len({sample.name for sample in valid}) == len(valid)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.text.strip())
def test_a_made_text_is_as_long_as_asked_in_what_python_can_count(block: object) -> None:
    for total in (58, 281, 1000):
        assert len(made(total, "utf16", block).encode("utf-16-le")) // 2 == total  # pyright: ignore[reportArgumentType]
        assert len(made(total, "utf8", block).encode()) == total  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "rule",
    [
        *("x.text", "ig.tags", "ground.price", "law.green.generic", "q.emoji", "video.hook", "ms.bot"),
        *(
            "promise.free",
            "promise.decision",
            "reply.personal",
            "reply.contradicts",
            "reply.language",
            "handover.medical",
        ),
    ],
)
def test_a_rule_that_is_switched_off_turns_red(rule: str, by_rule: dict[str, list[Defect]]) -> None:
    [line] = bench.measure(by_rule[rule], [], [], rules=[rule])
    off = [defect for defect in by_rule[rule] if bench.is_found(defect, without=frozenset({rule}))]

    assert line.recall == 1
    assert line.is_red_when_off
    assert off == []


def test_a_valid_output_has_no_hard_violation_of_any_rule() -> None:
    found = {sample.name: {found.rule for found in judged(sample)} - {*sample.flags} for sample in valid_outputs()[::7]}
    publishing = {name: rules for name, rules in found.items() if any(rule.startswith("ground.") for rule in rules)}

    assert publishing == {}


def test_a_missed_defect_and_a_false_alarm_are_named(by_rule: dict[str, list[Defect]]) -> None:
    defect = by_rule["x.text"][0]
    line = Line("x.text", 10, [defect], 10, [defect.sample], 10)

    said = " ".join(str(problem) for problem in report.problems([line]))

    assert not line.is_met
    assert "missed x.text" in said
    assert "false alarm x.text" in said
    assert "recall 90%, at least 99%" in said
    assert "still found when switched off" in said


def test_a_rule_without_defects_or_valid_outputs_is_not_a_success() -> None:
    line = Line("x.text", 0, [], 0, [], 0)

    assert not line.is_met
    assert report.shortfall(line).startswith("0 defects, at least 5 are asked; recall 0%")


def test_the_table_has_a_row_for_each_family(by_rule: dict[str, list[Defect]]) -> None:
    lines = [Line(rule, len(defects), [], 3, [], 0) for rule, defects in by_rule.items()]

    table = report.markdown(lines).splitlines()

    assert [row.split("|")[1].strip() for row in table[2:]] == [*report.FAMILIES.values(), "All"]


def test_a_sample_with_another_field_keeps_the_rest() -> None:
    sample: Sample = valid_outputs()[0]

    changed = sample.changed("other", title="New")

    assert changed.fields == {**sample.fields, "title": "New"}
    assert "title" not in sample.fields


def test_each_fixture_business_has_three_different_briefs() -> None:
    made = {kind: make(brief_of("casa-mezcal")) for kind, make in BRIEFS.items()}

    assert list(made) == ["full", "minimal", "contradictory"]
    assert made["full"] == brief_of("casa-mezcal")
    assert made["minimal"].business.facts == []
    assert set(made["contradictory"].business.banned_phrases) & set(made["contradictory"].business.required_phrases)


async def test_no_output_for_a_fixture_business_breaks_a_hard_rule() -> None:
    outcomes = await businesses.measure(["casa-mezcal"])

    full, minimal, contradictory = outcomes
    assert [outcome.violations for outcome in outcomes] == [[], [], []]
    assert full.outputs >= minimal.outputs >= len(businesses.DAYS)
    assert full.errors == []
    assert len(contradictory.errors) == len(businesses.DAYS)  # a phrase is both required and banned
    assert all("INVALID_REQUEST" in problem for problem in businesses.problems([contradictory]))


def test_figures_are_kept_beside_those_of_the_first_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    lines = [Line("x.text", 10, [], 20, [], 0)]
    outcomes = [Outcome(business="petpals", brief=kind, outputs=3) for kind in BRIEFS]

    report.keep(lines, lines, {"rules": 1})
    kept = json.loads(report.RESULTS.read_text(encoding="utf-8"))
    report.RESULTS.write_text(json.dumps({**kept, "first_run": {"all": 1}}), encoding="utf-8")
    report.keep(lines, lines, {"rules": 1})
    report.keep_businesses(outcomes)
    kept = json.loads(report.RESULTS.read_text(encoding="utf-8"))

    assert kept["all"]["recall"] == 1
    assert kept["first_run"] == {"all": 1}
    assert kept["businesses"]["minimal"] == {"briefs": 1, "outputs": 3, "errors": 0, "hard_violations": 0}
    assert report.markdown_of_businesses(outcomes).splitlines()[-1] == "| contradictory | 1 | 3 | 0 | 0 |"
    assert report.table_of_businesses(outcomes).row_count == len(BRIEFS)


def test_a_defect_without_a_valid_output_to_change_is_an_error() -> None:
    with pytest.raises(LookupError, match="no valid None for x: write one"):
        posts_for([], "x", None, "x.text")
    with pytest.raises(LookupError, match=r"ground.price: no output of levain-fils"):
        list(said_wrongly([]))


def test_about_every_fourth_defect_of_a_rule_is_held_out(seeded: list[Defect]) -> None:
    held = bench.held_out_of(seeded)

    assert 0.15 < len(held) / len(seeded) < 0.25
    assert {defect.rule for defect in held} <= set(every_rule())


def test_a_post_that_breaks_hard_rules_is_noticed() -> None:
    brief = brief_of("thames-mortgages")
    day = CalendarDay(
        day=1,
        date=date(2026, 12, 1),
        theme="Calls",
        content_type=ContentType.POST,
        network=Network.X,
        pillar="Advice",
        role=Role.EDUCATION,
        funnel_stage=FunnelStage.AWARENESS,
        is_promo=False,
        offer=None,
        key_date=None,
        call_to_action=None,
        locked=False,
        revision=1,
    )
    caption = "Only 1.9 % this week! Guaranteed, see http://rates.example.org."
    post = Post(
        network=Network.X,
        content_type=ContentType.POST,
        caption=caption * 5,
        hashtags=[],
        text=caption,
        link=None,
        flags=[],
        quality=[],
        script="A house.",
        variants=[],
    )
    outcome = Outcome(business="thames-mortgages", brief="full")

    businesses.check_post(outcome, brief, day, post)

    rules = {line.split(": ")[1].split(" ")[0] for line in outcome.violations}
    assert {"ground.percentage", "ground.link", "brand.banned", "brand.required", "law.finance.word", "x.text"} <= rules
    assert len(list(businesses.problems([outcome]))) == len(outcome.violations)


def test_the_command_measures_chosen_rules_and_keeps_nothing() -> None:
    before = report.RESULTS.read_bytes()

    shown = CliRunner().invoke(app, ["x.tags", "wa.cat", "li.text"])
    as_markdown = CliRunner().invoke(app, ["wa.cat", "--markdown"])

    assert shown.exit_code == 0, shown.output
    assert "met" in shown.output
    assert as_markdown.exit_code == 0
    assert as_markdown.output.splitlines()[-1].startswith("| All | 1 | ")
    assert report.RESULTS.read_bytes() == before


def test_the_kept_figures_are_those_of_a_whole_run_and_of_the_first() -> None:
    kept = json.loads(report.RESULTS.read_text(encoding="utf-8"))

    assert kept["met"] is True
    assert kept["counts"]["rules"] == len(every_rule()) == len(kept["rules"])
    assert kept["first_run"]["held_out"]["defects"] > 0
    assert all(figures["hard_violations"] == 0 for figures in kept["businesses"].values())


def test_rules_that_find_nothing_in_valid_outputs_at_their_limit_give_no_alarm() -> None:
    rules = ("x.text", "th.text", "ig.tags", "gbp.phone", "wa.tpl.label", "pin.title", "yt.desc")
    edges = [(rule, sample) for rule, sample in bench.at_limit() if rule in rules]

    lines = bench.measure([], [], edges, rules=rules)

    assert [(line.rule, len(line.alarms)) for line in lines] == [(rule, 0) for rule in rules]
    assert all(line.applicable for line in lines)


def test_every_rule_reaches_its_goals(seeded: list[Defect]) -> None:
    lines = bench.measure(seeded, valid_outputs(), bench.at_limit())

    assert {line.rule: report.shortfall(line) for line in lines if not line.is_met} == {}
