import pytest

from models.messaging import Channel
from models.rules.chat_windows import OutgoingMessage, check_message

BOT = "I am an automated assistant. We are open until six."


def broken(
    channel: Channel, *, text: str = "We are open until six.", language: str = "en", **known: object
) -> dict[str, str]:
    message = OutgoingMessage.model_validate({"text": text, "language": language, **known})
    return {found.rule_id: found.severity for found in check_message(message, channel)}


@pytest.mark.parametrize("channel", Channel)
def test_an_answer_within_a_day_breaks_nothing(channel: Channel) -> None:
    assert broken(channel, hours_since_customer=24) == {}
    assert broken(channel) == {}


def test_whatsapp_accepts_free_text_for_a_day_and_templates_at_any_time() -> None:
    assert broken(Channel.WHATSAPP, hours_since_customer=24.5) == {"wa.window": "hard"}
    assert broken(Channel.WHATSAPP, hours_since_customer=24.5, uses_template=True) == {}


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM_DM])
def test_metas_chats_accept_messages_for_a_day_or_seven_from_a_person_or_after_an_ad(channel: Channel) -> None:
    assert broken(channel, hours_since_customer=24.5) == {"ms.window": "hard"}
    assert broken(channel, hours_since_customer=168, is_human_written=True) == {}
    assert broken(channel, hours_since_customer=168, answers_ad=True) == {}
    assert broken(channel, hours_since_customer=169, is_human_written=True) == {"ms.window": "hard"}


def test_mail_and_comments_have_no_window() -> None:
    assert broken(Channel.EMAIL, hours_since_customer=1000) == {}


def test_a_direct_message_has_at_most_a_thousand_bytes() -> None:
    assert broken(Channel.INSTAGRAM_DM, text="é" * 500) == {}
    assert broken(Channel.INSTAGRAM_DM, text="é" * 500 + "x") == {"ms.text": "soft"}


def test_an_automated_message_that_opens_a_chat_discloses_it() -> None:
    assert broken(Channel.MESSENGER, opens_chat=True) == {"ms.bot": "hard"}
    assert broken(Channel.WHATSAPP, opens_chat=True) == {"law.bot": "soft"}
    assert broken(Channel.MESSENGER, opens_chat=True, text=BOT) == {}
    assert broken(Channel.MESSENGER, opens_chat=True, is_human_written=True) == {}
    assert broken(Channel.EMAIL, opens_chat=True) == {}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Je suis un assistant virtuel.", "fr"),
        ("Hier schreibt eine KI.", "de"),
        ("自動返信です。", "ja"),
        ("أنا مساعد آلي.", "ar"),
        ("Jam një chatbot.", "sq"),
    ],
)
def test_the_disclosure_may_be_in_its_language(text: str, language: str) -> None:
    assert broken(Channel.MESSENGER, opens_chat=True, text=text, language=language) == {}


def test_a_message_has_the_value_the_limit_and_the_fix() -> None:
    message = OutgoingMessage(text="Hello", language="en", hours_since_customer=30)

    [found] = check_message(message, Channel.WHATSAPP)

    assert found.message == "30 hours since the customer's last message, at most 24: use an approved template"


@pytest.mark.parametrize("rule_id", ["ms.window", "ms.text", "ms.bot"])
def test_a_rule_left_out_finds_nothing(rule_id: str) -> None:
    message = OutgoingMessage(text="x" * 1001, language="en", hours_since_customer=30, opens_chat=True)

    found = check_message(message, Channel.INSTAGRAM_DM, without=frozenset({rule_id}))

    assert {violation.rule_id for violation in found} == {"ms.window", "ms.text", "ms.bot"} - {rule_id}
