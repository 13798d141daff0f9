"""`ai-service prices`: a model's known prices before it is called."""

import json
from pathlib import Path

import pytest

from tests import cli_parts
from tests.cli_parts import document, run

elsewhere = cli_parts.elsewhere

OURS = [
    {
        "id": "ours",
        "name": "Our own server",
        "api_pattern": r"http://models\.example",
        "models": [{"id": "own", "match": {"starts_with": "own"}, "prices": {"input_mtok": 0.1, "output_mtok": 0.4}}],
    }
]


def test_models_are_shown_with_what_they_cost() -> None:
    shown = run("prices", "openai-chat:gpt-5.2", "openai:gpt-image-1.5", "nobody:x", "sandbox").stdout.splitlines()

    assert shown[0].split() == ["Model", "Input", "cached", "written", "Output", "pictures"]
    assert [line.split() for line in shown[2:6]] == [
        ["openai-chat:gpt-5.2", "$1.75", "$0.175", "$14"],
        ["openai:gpt-image-1.5", "$5", "$1.25", "$10", "$32"],
        ["nobody:x", "unknown"],
        ["sandbox", "free"],
    ]
    assert shown[-1].startswith("USD for a million tokens, genai-prices ")


def test_without_a_name_those_of_the_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    default = [line["model"] for line in document("prices")["models"]]
    monkeypatch.setenv("AI_SERVICE_MODEL", "openai:gpt-5-mini")
    monkeypatch.setenv("AI_SERVICE_IMAGE_MODEL", "openai:gpt-image-1.5")

    assert default == ["openai:gpt-5.2", "openai:gpt-image-2"]
    assert [line["model"] for line in document("prices")["models"]] == ["openai:gpt-5-mini", "openai:gpt-image-1.5"]


def test_a_hosts_own_prices_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(OURS))
    monkeypatch.setenv("AI_SERVICE_PRICES", str(file))

    report = document("prices", "ours:own-7b")

    assert report["models"][0]["prices"] == {"input_mtok": "0.1", "output_mtok": "0.4"}
    assert " + prices.json " in report["version"]


@pytest.mark.parametrize(
    ("source", "said"),
    [("nowhere.json", "nowhere.json can't be read"), ("http://127.0.0.1:9/prices.json", "correct the address")],
)
def test_unavailable_prices_are_a_configuration_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, source: str, said: str
) -> None:
    monkeypatch.setenv("AI_SERVICE_PRICES", source)

    error = document("prices", exit_code=1)

    assert error["code"] == "CONFIGURATION"
    assert error["message"].startswith("AI_SERVICE_PRICES: ")
    assert said in error["message"]
