"""`ai-service check`: a post in a file against a network's rules, and a brief."""

import json
from pathlib import Path

import pytest
import yaml

from ai_service.cli.app import app
from models.rules.pack import RULE_PACK_VERSION
from tests import cli_parts
from tests.cli_parts import LEVAIN, Stored, document, runner

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored

LOUD = {"caption": "Du pain !", "hashtags": ["#a1", "#b1", "#c1", "#d1", "#e1", "#f1"]}


def write(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return str(path)


def check(*arguments: str) -> tuple[int, str]:
    result = runner.invoke(app, ["check", *arguments])
    return result.exit_code, result.stdout + result.stderr


def rules(*arguments: str) -> list[tuple[str, str]]:
    """Return id and severity of the rules that a check names in its JSON."""
    found = json.loads(check(*arguments, "--json")[1])
    return [(item["rule_id"], item["severity"]) for item in found["violations"]]


def test_a_post_that_the_network_refuses_exits_with_1(tmp_path: Path) -> None:
    code, shown = check(write(tmp_path, "post.yaml", LOUD), "--network", "instagram")

    assert code == 1
    assert "hard  ig.tags  hashtags.5" in shown
    assert "keep the five that matter" in shown
    assert "1 hard rule, 0 soft rules broken on Instagram" in shown
    assert "no legal advice" in shown


def test_a_post_that_is_only_flagged_exits_with_0(tmp_path: Path) -> None:
    file = write(tmp_path, "post.json", json.dumps({"caption": "Voir https://levain.example"}))

    assert check(file, "--network", "instagram")[0] == 0
    assert rules(file, "--network", "instagram") == [("ig.link", "soft")]
    assert rules(file, "--network", "facebook") == []


def test_a_text_file_is_a_caption(tmp_path: Path) -> None:
    assert rules(write(tmp_path, "long.txt", "é" * 281), "--network", "X") == [("x.text", "hard")]
    assert rules(write(tmp_path, "short.md", "é" * 280 + "\n"), "--network", "x") == []


def test_json_holds_the_violations_and_the_version_of_the_rules(tmp_path: Path) -> None:
    found = json.loads(check(write(tmp_path, "post.yaml", LOUD), "--network", "instagram", "--json")[1])

    assert (found["ok"], found["network"], found["rule_pack_version"]) == (False, "instagram", RULE_PACK_VERSION)
    assert set(found["violations"][0]) == {"rule_id", "severity", "path", "message", "span", "fix"}


def test_with_a_brief_ungrounded_claims_are_found(tmp_path: Path) -> None:
    file = write(tmp_path, "post.yaml", {"caption": "Pain bio à 3 €, appelez le 06 39 98 47 12"})

    assert rules(file, "--network", "facebook") == []
    assert set(rules(file, "--network", "facebook", "--brief", str(LEVAIN))) >= {
        ("ground.phone", "hard"),
        ("ground.price", "hard"),
        ("brand.banned", "hard"),
    }


def test_with_a_brief_missing_phrases_and_labels_are_found(tmp_path: Path) -> None:
    business = {"name": "L", "industry": "bakery", "tone": "warm", "languages": ["fr"]}
    business |= {"required_phrases": ["Le pain durcit."], "material_connection": "le four est prêté"}
    brief = write(tmp_path, "brief.yaml", {"business": business})

    def found(caption: str) -> list[tuple[str, str]]:
        return rules(write(tmp_path, "post.yaml", {"caption": caption}), "--network", "facebook", "--brief", brief)

    assert found("Du pain") == [("law.disclosure", "hard"), ("brand.required", "hard")]
    assert found("Publicité : du pain. Le pain durcit.") == []


def test_an_output_of_the_layer_can_be_checked(tmp_path: Path, stored: Stored) -> None:
    result = document("content", "--day", "3", "--network", "facebook", *stored.target)
    file = write(tmp_path, "result.json", json.dumps(result))

    assert check(file, "--network", "facebook", "--brief", str(LEVAIN))[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("post.yaml", {"captoin": "x"}, "captoin: Extra inputs are not permitted"),
        ("post.yaml", "", "is empty"),
        ("post.json", "{", "line 1"),
        ("post.yaml", {"caption": "x", "media": [{"kind": "film"}]}, "media.0.kind"),
    ],
)
def test_a_file_that_is_not_a_post_is_reported(tmp_path: Path, name: str, content: object, message: str) -> None:
    code, shown = check(write(tmp_path, name, content), "--network", "x")

    assert code == 1
    assert message in shown


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    code, shown = check(str(tmp_path / "none.yaml"), "--network", "x")

    assert code == 1
    assert "can't be read: No such file or directory" in " ".join(shown.split())
