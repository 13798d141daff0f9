"""Cards, scripts, chats, costs, logs and errors in a terminal."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from ai_service.cli.features import content, messaging, video
from ai_service.cli.views.attempt_log import attempt_log
from ai_service.cli.views.cost_table import CostTable
from ai_service.cli.views.error_lines import error_lines
from ai_service.cli.views.text import usd
from ai_service.cli.views.wrapping import shortened, wrapped
from ai_service.errors import AIGenerationError, InvalidRequest, NotFound, Problem
from models.attempt import Attempt, AttemptStatus
from models.content import Post, Variant
from models.records import CostLine
from models.strategy import CalendarDay
from models.vocabulary import ContentType, Feature, FunnelStage, Network, Quality, Role, Violation
from tests.posts import published_post
from tests.replies import suggested_reply
from tests.scripts import filmable_script

REQUEST = "5c39a5f2-92c0-4bd4-aec4-f014e7484ec2"


def lines(view: RenderableType, width: int = 100) -> list[str]:
    console = Console(width=width, highlight=False, markup=False, color_system=None)
    with console.capture() as capture:
        console.print(view)
    return [line.rstrip() for line in capture.get().splitlines()]


def day_post(
    day: int,
    *,
    script: str = "Plan 1 : la brioche.",
    network: Network | None = Network.TIKTOK,
    flags: Sequence[Violation] = (),
    quality: Sequence[Quality] = (),
) -> content.DayPost:
    planned = CalendarDay(
        day=day,
        date=date(2026, 12, day),
        theme="La brioche au potiron arrive chez Levain & Fils",
        content_type=ContentType.REEL,
        network=network,
        pillar="Le fournil",
        role=Role.OFFER,
        funnel_stage=FunnelStage.CONVERSION,
        is_promo=True,
        offer="Brioche au potiron",
        key_date=None,
        call_to_action=None,
        locked=False,
        revision=1,
    )
    caption = "Elle sort du four à 8 h.\n\nOn vous en garde une ?"
    post = published_post(
        caption=caption,
        hashtags=["#levain", "#brioche"],
        script=script,
        network=network,
        content_type=ContentType.STORY,
        flags=list(flags),
        quality=list(quality),
    )
    return content.DayPost(post, planned)


def attempt(number: int, status: AttemptStatus, **fields: object) -> Attempt:
    row = Attempt(
        request_id=REQUEST,
        question=0,
        attempt=number,
        feature=Feature.CONTENT,
        provider="openai",
        model="gpt-5.2",
        started_at=datetime(2026, 11, 22, 17, 40, 3, tzinfo=UTC),
        business_id="8d7f0e9a-1111-4222-8333-123456789abc",
        status=status,
    )
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def cost_line(key: str, *, failed: int = 0, unpriced: int = 0) -> CostLine:
    return CostLine(
        key=key,
        requests=3,
        failed_requests=failed,
        input_tokens=1200,
        output_tokens=300,
        cost_usd=Decimal("0.0123"),
        waste_usd=Decimal("0.001") * failed,
        unpriced_requests=unpriced,
    )


def test_a_card_shows_the_network_and_the_whole_post() -> None:
    card = lines(content.cards([day_post(4)], width=80))

    assert card[0].startswith("╭─ Day 4 · Fri 4 Dec 2026 ─")
    assert card[1].startswith("│ ○ Story for TikTok  % offer ")
    inside = [line.strip("│ ") for line in card]
    assert inside[2] == "La brioche au potiron arrive chez Levain & Fils"
    assert inside[4:7] == ["Elle sort du four à 8 h.", "", "On vous en garde une ?"]
    assert "#levain #brioche" in inside
    assert "Plan 1 : la brioche." in inside


def test_a_card_without_network_names_the_format_alone() -> None:
    card = lines(content.cards([day_post(4, network=None)], width=80))

    assert card[1].startswith("│ ○ Story  % offer ")


def test_a_card_shows_what_a_person_should_review() -> None:
    flag = Violation(rule_id="law.price_cut", severity="soft", path="caption", message="'– 10 %': check the price")
    long = Quality(name="q.sentence", value=31.5, target=22, severity="soft", passed=False)
    short = Quality(name="q.emoji", value=1, target=6, severity="soft", passed=True)

    card = "\n".join(lines(content.cards([day_post(4, flags=[flag], quality=[long, short])], width=80)))

    assert "! law.price_cut: '– 10 %': check the price" in card
    assert "! q.sentence is 31.5, not 22" in card
    assert "q.emoji" not in card


def test_each_variant_has_a_card_of_its_own() -> None:
    post, day = day_post(4)
    assert isinstance(post, Post)
    variant = Variant.model_validate({**post.model_dump(exclude={"script", "variants", "missing"}), "network": "x"})

    cards = content.with_variants(post.model_copy(update={"variants": [variant]}), day)

    assert [card.post.network for card in cards] == [Network.TIKTOK, Network.X]
    assert "Script" not in "\n".join(lines(content.cards(cards[1:], width=80)))


@pytest.mark.parametrize(("width", "per_row"), [(60, 1), (80, 1), (120, 3), (160, 3)])
def test_cards_stand_side_by_side_where_there_is_room(width: int, per_row: int) -> None:
    posts = [day_post(1), day_post(2, script="Plan 1\n" * 9), day_post(3)]

    shown = lines(content.cards(posts, width=width), width)

    tops = [line for line in shown if line.startswith("╭")]
    assert [line.count("╭") for line in tops] == [per_row] * (3 // per_row)
    assert [line.count("╰") for line in shown if line.startswith("╰")] == [per_row] * (3 // per_row)
    assert max(map(cell_len, shown)) <= width


def test_a_script_shows_its_parts_with_their_seconds() -> None:
    spoken = filmable_script(hook="h " * 8, body="b " * 56, cta="c " * 16)

    shown = lines(video.script(spoken, width=80))

    assert [line.split()[:2] for line in shown if "–" in line] == [["0–3", "Hook"], ["3–24", "Body"], ["24–30", "Call"]]


def test_a_script_shows_its_shots_its_label_and_what_a_person_should_review() -> None:
    flag = Violation(rule_id="video.cta", severity="soft", path="cta", message="2 calls to action: ask for one thing")
    spoken = filmable_script(hook="h", body="b", cta="c", shots=["Hands.", "The oven."], on_screen="Ad", flags=[flag])

    shown = "\n".join(lines(video.script(spoken, width=80)))

    assert "Text on screen, from the first second: Ad" in shown
    assert "1. Hands." in shown
    assert "2. The oven." in shown
    assert "! video.cta: 2 calls to action: ask for one thing" in shown


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_reply_stands_opposite_the_message(width: int) -> None:
    reply = suggested_reply(reply="Bonjour ! Oui, du mardi au dimanche.", language="fr")

    shown = lines(messaging.chat("Êtes-vous ouverts le dimanche ?", reply, width=width), width)

    (customer,) = [line for line in shown if "─ Customer ─" in line]
    (suggested,) = [line for line in shown if "─ Suggested reply ─" in line]
    assert customer.startswith("╭")
    assert suggested.startswith("  ")
    assert cell_len(suggested) <= width
    assert "Needs a person  no, it can be sent as it is" in shown


def test_a_reply_that_needs_a_person_says_why() -> None:
    reply = suggested_reply(reply="Je transmets.", needs_human=True, needs_human_reason="a refund", auto_sendable=False)

    assert "Needs a person  yes: a refund" in lines(messaging.chat("Remboursez-moi", reply, width=80))


def test_a_flagged_reply_must_be_read_before_it_is_sent() -> None:
    flag = Violation(rule_id="wa.window", severity="hard", path="reply", message="30 hours: use an approved template")
    closed_at = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    reply = suggested_reply(auto_sendable=False, flags=[flag], window_closes_at=closed_at)

    shown = lines(messaging.chat("Bonjour", reply, width=80))

    assert "Needs a person  to read it before it is sent" in shown
    assert "Facts used      business.facts.0" in shown
    assert "Window closes   Tue 1 Dec 2026, 08:30 UTC" in shown
    assert "! wa.window: 30 hours: use an approved template" in shown


def test_costs_end_with_their_sum() -> None:
    shown = lines(CostTable([cost_line("strategy"), cost_line("content")], by="feature"))

    assert shown[0].split() == ["Feature", "Requests", "Tokens", "in", "Tokens", "out", "Cost"]
    assert shown[-1].split() == ["total", "6", "2,400", "600", "$0.0246"]


def test_costs_show_failures_and_unknown_prices_if_there_are_any() -> None:
    shown = lines(CostTable([cost_line("strategy", failed=2), cost_line("content", unpriced=1)], by="feature"))

    assert shown[-1].split()[4:] == ["$0.0246", "2", "$0.0020", "1"]


def test_a_log_shows_a_call_attempt_by_attempt() -> None:
    rows = [
        attempt(2, "ok", http_status=200, input_tokens=1234, output_tokens=210, cost_usd=Decimal("0.0123"),
                latency_ms=812.3, repairs=["fence removed"]),
        attempt(1, "timeout", error="no answer within 20 s", cost_usd=Decimal("0.02"), cost_estimated=True),
    ]  # fmt: skip

    shown = lines(attempt_log(rows), 80)

    assert shown[0] == f"request {REQUEST}"
    assert shown[1] == "  content · openai:gpt-5.2 · 2026-11-22 17:40:03 UTC"
    assert [line.split() for line in shown[3:7]] == [
        ["0", "1", "timeout", "–", "0", "0", "$0.0200*"],
        ["error:", "no", "answer", "within", "20", "s"],
        ["0", "2", "ok", "200", "1,234", "210", "$0.0123", "812"],
        ["repaired:", "fence", "removed"],
    ]
    assert shown[-1] == "* estimated: the provider reported no usage, or a tier of unknown price"


def test_a_log_in_full_says_who_asked() -> None:
    shown = lines(attempt_log([attempt(1, "ok", user_id="u_42")], in_full=True))

    assert "  user             u_42" in shown
    assert not [line for line in shown if line.strip().startswith("customer")]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "unknown"),
        (Decimal(0), "$0.0000"),
        (Decimal("0.00004"), "<$0.0001"),
        (Decimal("0.0001"), "$0.0001"),
        (Decimal("1234.5"), "$1,234.5000"),
    ],
)
def test_money_is_never_rounded_to_nothing(amount: Decimal | None, shown: str) -> None:
    assert usd(amount) == shown


def test_an_error_is_one_line_and_the_fix() -> None:
    invalid = InvalidRequest([Problem("day", "must be at most 30, got 99", "correct the value")])
    failed = AIGenerationError(reason="timeout", detail="no answer", request_id=REQUEST, attempts=[])

    assert lines(error_lines(invalid)) == ["✗ day: must be at most 30, got 99", "→ correct the value"]
    assert lines(error_lines(NotFound("no calendar: call generate_strategy"))) == [
        "✗ no calendar: call generate_strategy"
    ]
    assert lines(error_lines(failed, database="sqlite:///x.db"), 120)[1:] == [
        "→ try again later; see what was tried:",
        f"  ai-service logs --request {REQUEST} --database sqlite:///x.db",
    ]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Ouvert : du mardi", 10, ["Ouvert :", "du mardi"]),
        ("le « moulin » voisin", 10, ["le", "« moulin »", "voisin"]),
        ("d’oublié\u202f: un", 9, ["d’oublié", ": un"]),
        ("de 7 h à 16 h.", 11, ["de 7 h à", "16 h."]),
        ("maintenant", 8, ["mainte-", "nant"]),
        ("réchauffer", 8, ["réchauf-", "fer"]),
        ("petit-déjeuner", 10, ["petit-", "déjeuner"]),
        ("Aujourd’hui, oui", 8, ["Aujourd’", "hui, oui"]),
        ("l’histoire", 9, ["l’histo-", "ire"]),
        ("..........", 8, [".......-", "..."]),
        ("かぼちゃのブリオッシュ", 10, ["かぼちゃの", "ブリオッシ", "ュ"]),
        ("https://a.example", 8, ["https://", "a.exampl", "e"]),
        ("#unmotsansfin", 8, ["#unmotsa", "nsfin"]),
        ("un\n\ndeux", 10, ["un", "", "deux"]),
        ("", 10, []),
    ],
)
def test_breaks_text_where_a_reader_would(text: str, width: int, expected: Sequence[str]) -> None:
    assert wrapped(text, width) == list(expected)


def test_shortens_with_an_ellipsis_that_fits() -> None:
    assert shortened("une brioche au potiron", 11, lines=1) == ["une…"]
    assert shortened("une brioche au potiron", 12, lines=1) == ["une brioche…"]
    assert shortened("une brioche", 12, lines=1) == ["une brioche"]
    assert shortened("les coulisses :", 9, lines=2) == ["les", "coulisse…"]
    assert shortened("les coulisses : extraordinaires", 9, lines=3) == ["les", "coulisse…"]
    assert shortened(". . . . . le four", 9, lines=1) == ["…"]
