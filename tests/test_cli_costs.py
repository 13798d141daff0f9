"""Costs, in a terminal and as a chart: by group, in a period, and the waste."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from ai_service.cli.app import app
from ai_service.cli.periods import period_of
from ai_service.cli.views import chart
from ai_service.cli.views.cost_table import CostTable
from models.records import CostLine
from tests import cli_parts
from tests.cli_parts import Stored, document, run

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored

SVG = "{http://www.w3.org/2000/svg}"


def line(key: str, cost: str, *, waste: str = "0", unpriced: int = 0) -> CostLine:
    return CostLine(
        key=key,
        requests=3,
        failed_requests=1 if Decimal(waste) else 0,
        input_tokens=1_200,
        output_tokens=300,
        cost_usd=Decimal(cost),
        waste_usd=Decimal(waste),
        unpriced_requests=unpriced,
    )


def table(*lines: CostLine, width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(CostTable(lines, by="business"))
    return capture.get().splitlines()


def test_a_bar_shows_the_cost_and_at_its_end_the_waste() -> None:
    shown = table(line("a", "2", waste="0.5"), line("b", "1"), line("c", "0"), width=120)

    assert shown[0].endswith("░ wasted" + 16 * " ")
    assert [text.split()[-1] for text in shown[2:4]] == [18 * "█" + 6 * "░", 12 * "█"]
    assert "█" not in shown[4]


def test_the_smallest_waste_is_still_seen() -> None:
    [_, _, first, *_] = table(line("a", "1000", waste="0.01"), width=120)

    assert first.rstrip().endswith("█░")


def test_without_costs_there_are_no_bars() -> None:
    assert "█" not in "\n".join(table(line("a", "0"), width=120))


@pytest.mark.parametrize("width", [70, 80, 100, 120, 160])
def test_the_table_fits_the_terminal(width: int) -> None:
    ids = [str(uuid4()) for _ in range(3)]

    shown = table(*(line(key, "1234.5", waste="100", unpriced=2) for key in ids), width=width)

    assert max(map(cell_len, shown)) <= width
    assert all(text.endswith("░") for text in shown if "█" in text)
    assert ("Tokens in" in shown[0]) is (width > 100)
    assert "".join(shown).count("$1,234.5000") == 3


def test_a_chart_says_each_value_and_draws_it_to_scale() -> None:
    lines = [line("<a>&co", "2", waste="0.5"), line("b", "1", unpriced=2)]

    drawn = ElementTree.fromstring(
        chart.svg(lines, title="Cost by user & day", total=chart.total_of(lines, key="total"))
    )

    texts = [found.text for found in drawn.iter(f"{SVG}text")]
    assert {"Cost by user & day", "<a>&co", "b", "$2.0000, $0.5000 wasted", "$1.0000"} <= {*texts}
    said = "$3.0000 in 6 requests, $0.5000 of it wasted on failed ones; 2 of the requests have no known price"
    assert said in texts
    bars = [float(found.get("width", "")) for found in drawn.iter(f"{SVG}rect") if found.get("height") == "18"]
    assert bars == [315, 105, 210, 0]  # 420 for the largest: 1.5 and 0.5, 1 and 0


def test_a_chart_of_many_lines_sums_up_the_last_ones() -> None:
    lines = [line(f"u_{number}", "1") for number in range(chart.MAX_BARS + 10)]

    drawn = chart.svg(lines, title="Cost by user", total=chart.total_of(lines))

    assert ">10 others</text>" in drawn
    assert ">$10.0000</text>" in drawn
    assert drawn.count("<rect") == 3 + 2 * (chart.MAX_BARS + 1)


def test_a_chart_of_nothing_is_drawn_too() -> None:
    assert ElementTree.fromstring(chart.svg([], title="Cost by day", total=chart.total_of([]))).tag == f"{SVG}svg"


def test_a_month_is_a_calendar_month_in_utc() -> None:
    period = period_of("2028-02", None, None)

    assert (period.since, period.until) == (datetime(2028, 2, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC))
    assert period.said == ", from 2028-02-01 to 2028-02-29"
    assert period_of("2026-12", None, None).until == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--month", "12/2026"], "is no month"),
        (["--month", "2026-12", "--since", "2026-12-01"], "not both"),
        (["--since", "last week"], "is no day"),
        (["--since", "2026-12-02", "--until", "2026-12-01"], "is before"),
    ],
)
def test_an_invalid_period_is_a_usage_error(stored: Stored, options: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["costs", *options, "--database", stored.database])

    assert result.exit_code == 2
    assert said in result.output


def test_costs_are_those_of_the_period(stored: Stored) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"

    def requests(*options: str) -> int:
        return document("costs", *options, "--database", stored.database)["total"]["requests"]

    assert requests("--since", today, "--until", today) == requests() > 0
    assert requests("--until", "2020-01-01") == 0
    assert requests("--month", "2020-01") == 0


def test_a_chart_is_written_to_the_given_file(stored: Stored, tmp_path: Path) -> None:
    file = tmp_path / "costs.svg"

    shown = run("costs", "--by", "day", "--svg", str(file), "--database", stored.database).stdout

    assert f"Chart written to {file}" in shown.replace("\n", "")
    assert ElementTree.parse(file).getroot().tag == f"{SVG}svg"


def test_a_chart_that_cannot_be_written_is_reported(stored: Stored, tmp_path: Path) -> None:
    error = document("costs", "--svg", f"{tmp_path}/none/c.svg", "--database", stored.database, exit_code=1)

    assert error["problems"][0]["field"] == "--svg"
