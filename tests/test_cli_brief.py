"""Briefs as files: what is refused, the messages of problems, and the `brief` commands."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ai_service import InvalidRequest, Problem
from ai_service.cli.app import app
from ai_service.cli.brief_file import load_brief
from ai_service.cli.data_file import MAX_BYTES
from examples import LEVAIN

MINIMAL = "business: {name: Levain, industry: bakery, tone: warm, languages: [fr]}"
runner = CliRunner()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work without the developer's `.env`, on a terminal of a known width."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def problems(tmp_path: Path, content: str | bytes, *, name: str = "brief.yaml") -> list[Problem]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InvalidRequest) as raised:
        load_brief(path)
    return raised.value.problems


def fix_of(tmp_path: Path, line: str) -> tuple[str, str]:
    (problem,) = problems(tmp_path, f"business:\n  name: A\n  industry: b\n  tone: c\n  languages: [fr]\n  {line}\n")
    return problem.field, problem.fix


def test_reads_the_example() -> None:
    brief = load_brief(LEVAIN)

    assert brief.business.name == "Levain & Fils"
    assert brief.business.offers[1].price == Decimal(28)


def test_reads_json_as_the_same_brief(tmp_path: Path) -> None:
    brief = load_brief(LEVAIN)
    path = tmp_path / "brief.json"
    path.write_text(brief.model_dump_json())

    assert load_brief(path) == brief


def test_keeps_scalars_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text(
        "business: {name: 1664, industry: yes, tone: on, languages: [no],\n"
        "  offers: [{text: 7:30, price: 12.90, currency: EUR, code: 010}]}"
    )

    business = load_brief(path).business

    assert (business.name, business.industry, business.languages) == ("1664", "yes", ["no"])
    assert (business.offers[0].text, business.offers[0].code) == ("7:30", "010")
    assert str(business.offers[0].price) == "12.90"


def test_treats_an_empty_field_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text(f"{MINIMAL}\ncampaign:\n  name: Automne\n  key_dates:\n  goal: ~\n")

    campaign = load_brief(path).campaign

    assert (campaign.key_dates, campaign.goal) == ([], None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("business:\n  name: Levain: the bakery", "line 2, column 15: mapping values are not allowed here"),
        ("business: [1\ncampaign: 2", "line 2, column 9: expected ',' or ']', but got ':'"),
        ("business:\n  name: a\n  name: b", "line 3: has the key 'name' a second time"),
        ("business: &a {name: x}\ncampaign: *a", "line 1: has an anchor (&) that is used again"),
        ("business: &a {name: *a}", "line 1: has an anchor (&) that is used again"),
        ("a: 1\n---\nb: 2", "line 2, column 1: but found another document"),
        ("name: \x07", "unacceptable character #x0007: special characters are not allowed"),
        (b"name: a\nindustry: \xff", "line 2: is not UTF-8"),
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("[" * 600, "is nested too deep"),
        ("a" * (MAX_BYTES + 1), "is larger than 1,000,000 bytes"),
    ],
)
def test_names_the_place_of_a_yaml_error(tmp_path: Path, content: str | bytes, message: str) -> None:
    (problem,) = problems(tmp_path, content)

    assert problem.field == str(tmp_path / "brief.yaml")
    assert problem.message == message
    assert problem.fix


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{\n"business": {},}', "line 2, column 16: Expecting property name enclosed in double quotes"),
        ('{"a": NaN}', "holds NaN, which is not a number"),
        ('{"a": -Infinity}', "holds -Infinity, which is not a number"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "has the key 'c' twice in one object"),
        ('{"a":' * 100_000, "is nested too deep"),
        ("{}", "is empty"),
    ],
)
def test_names_the_place_of_a_json_error(tmp_path: Path, content: str, message: str) -> None:
    (problem,) = problems(tmp_path, content, name="brief.JSON")

    assert problem.message == message


def test_says_that_a_file_is_missing_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"nothing\.yaml: can't be read: No such file"):
        load_brief(tmp_path / "nothing.yaml")
    with pytest.raises(InvalidRequest, match="can't be read: Is a directory"):
        load_brief(tmp_path)


@pytest.mark.parametrize(
    ("line", "field", "fix"),
    [
        ("langauges: [fr]", "business.langauges", "write languages, or remove it"),
        ("goal: visits", "business.goal", "move it to campaign"),
        ("xyz: 1", "business.xyz", "remove it, or correct its spelling"),
        ("offers: [{text: a, percentoff: 10}]", "business.offers.0.percentoff", "write percent_off, or remove it"),
        ("offers: [{text: a, price: .nan, currency: EUR}]", "business.offers.0.price", "write a number, e.g. 7.20"),
        ("country: France", "business.country", "write the ISO 3166-1 code, e.g. FR"),
        ("links: [levain.example]", "business.links.0", "write the whole address, e.g. https://levain.example"),
        ("networks: [insta]", "business.networks.0", "use one of the values named"),
        ("facts:\n  - Ouvert: mardi", "business.facts.0", "put the text in quotes: it holds a colon"),
        ("tone_of_voice: warm", "business.tone_of_voice", "remove it, or correct its spelling"),
    ],
)
def test_names_the_fix_of_each_problem(tmp_path: Path, line: str, field: str, fix: str) -> None:
    assert fix_of(tmp_path, line) == (field, fix)


def test_shows_how_a_date_is_written(tmp_path: Path) -> None:
    field, fix = fix_of(tmp_path, "offers: [{text: a, valid_until: 31.12.2026}]")

    assert (field, fix) == ("business.offers.0.valid_until", "write it as YYYY-MM-DD, e.g. 2026-12-01")


def test_asks_for_a_mapping_below_business(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "business: Levain")

    assert (problem.field, problem.fix) == ("business", "write its fields below it")


def test_check_says_ok_and_what_it_understood() -> None:
    result = runner.invoke(app, ["brief", "check", str(LEVAIN)])

    assert result.exit_code == 0
    assert "Levain & Fils, boulangerie" in result.stdout
    assert "2 offers, 7 facts, 2 links, 2 key dates" in result.stdout
    assert "ok, load it with: ai-service brief load" in result.stdout


def test_check_shows_field_problem_and_fix(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text("business: {name: A, industry: b, languages: [fr], country: France}")

    result = runner.invoke(app, ["brief", "check", str(path)])

    assert result.exit_code == 1
    assert [line.rstrip() for line in result.stdout.splitlines()[:3]] == ["business.tone", "  is missing", "  → add it"]
    assert "→ write the ISO 3166-1 code, e.g. FR" in result.stdout
    assert "2 problems" in result.stdout


def test_check_prints_one_json_document(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text("business: {name: A, industry: b, tone: c, languages: [fr], country: France}")

    good = runner.invoke(app, ["brief", "check", str(LEVAIN), "--json"])
    bad = runner.invoke(app, ["brief", "check", str(path), "--json"])

    assert (good.exit_code, json.loads(good.stdout)) == (0, {"ok": True, "problems": []})
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["code"] == "INVALID_REQUEST"
    assert json.loads(bad.stdout)["problems"][0]["field"] == "business.country"


def test_load_stores_the_brief_and_prints_its_ids(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'marketing.db'}"

    machine = runner.invoke(app, ["brief", "load", str(LEVAIN), "--database", database, "--json"])
    person = runner.invoke(app, ["brief", "load", str(LEVAIN), "--database", database])

    ids = json.loads(machine.stdout)
    assert set(ids) == {"business_id", "campaign_id"}
    assert "ai-service strategy --business " in person.stdout
    assert ids["business_id"] not in person.stdout


def test_load_shows_what_is_wrong_on_stderr(tmp_path: Path) -> None:
    result = runner.invoke(app, ["brief", "load", str(tmp_path / "nothing.yaml")])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "No such file or directory" in " ".join(result.stderr.split())
