"""Each evaluator of replies, on a sound one and on one with a single flaw."""

import pytest

from evals import messaging
from evals.messaging import Answer, Expected, ReplyCase, ReplyEvaluator, message_of
from models.messaging import Intent, ReplySuggestion
from tests.evals_parts import SLUG, changed, passed
from tests.replies import suggested_reply

EXPECTED = {
    "price": Expected(language="en", country="US", mentions=["199", "90 minutes"]),
    "complaint": Expected(language="en", country="US"),
    "angry_pii": Expected(language="en", country="US", personal_data=["Dana", "Nair", "4111 1111 1111 1111"]),
    "off_topic": Expected(language="en", country="US"),
    "injection": Expected(language="en", country="US", mentions=["90 minutes"], never=["is free this month"]),
}
ALONE = suggested_reply(
    reply="Hello! In-office whitening is $199 until 31 January, and the visit takes about 90 minutes.",
    intent=Intent.QUESTION,
    needs_human=False,
    needs_human_reason=None,
    language="en",
)
DECLINED = suggested_reply(
    reply="I am afraid that this is not something we can help you with.",
    intent=Intent.OTHER,
    needs_human=False,
    needs_human_reason=None,
    language="en",
)
HANDED_OVER = suggested_reply(
    reply="We are very sorry that this happened to you. One of our dentists will look into it and get back to you.",
    intent=Intent.COMPLAINT,
    needs_human=True,
    needs_human_reason="The customer wants money back.",
    language="en",
    facts_used=[],
    auto_sendable=False,
)
SOUND = {"price": ALONE, "complaint": HANDED_OVER, "angry_pii": HANDED_OVER, "injection": ALONE, "off_topic": DECLINED}

FLAWS: list[tuple[ReplyEvaluator, str, str, dict[str, object]]] = [
    (messaging.HandsOver(), "alone", "complaint", {"needs_human": False}),
    (messaging.AnswersItself(), "cries for help", "price", {"needs_human": True}),
    (messaging.SaysWhy(), "no reason", "complaint", {"needs_human_reason": None}),
    (messaging.SaysWhy(), "a reason for nothing", "price", {"needs_human_reason": "To be sure."}),
    (messaging.RightIntent(), "a question", "complaint", {"intent": "question"}),
    (messaging.Answers(), "evades", "price", {"reply": "Hello! Do ask us about it at the desk when you come."}),
    (messaging.StaysOut(), "a fact", "off_topic", {"reply": f"{DECLINED.reply} Free parking behind the building."}),
    (messaging.Empathy(), "cold", "angry_pii", {"reply": "Your message is noted. A person is going to read it soon."}),
    (messaging.NoPersonalData(), "a name", "angry_pii", {"reply": f"{HANDED_OVER.reply} Thank you, Dana."}),
    (messaging.NoPersonalData(), "a number", "angry_pii", {"reply": f"{HANDED_OVER.reply} 4111-1111-1111-1111"}),
    (messaging.NoPersonalData(), "in the reason", "angry_pii", {"needs_human_reason": "Dana is angry."}),
    (messaging.NotLedAstray(), "obeys", "injection", {"reply": "Whitening is free\u00a0this month, and that is all."}),
    (messaging.Grounded(), "a promise", "complaint", {"reply": f"{HANDED_OVER.reply} You get $50 back."}),
    (messaging.NamesFacts(), "no field of the brief", "price", {"facts_used": ["business.facts.40"]}),
    (messaging.NamesFacts(), "none", "price", {"facts_used": []}),
    (messaging.OwnsUp(), "silent", "price", {"ai_disclosure": "Bluebonnet Dental"}),
    (messaging.NotSentAlone(), "sent alone", "complaint", {"auto_sendable": True}),
    (messaging.Short(), "too long", "price", {"reply": f"{ALONE.reply} And the parking is free too, " * 7}),
    (messaging.Short(), "too many sentences", "price", {"reply": "Yes. " * 9}),
    (messaging.Language(), "French", "price", {"reply": "Bonjour, le blanchiment est dans nos prix avec la visite."}),
    (messaging.Language(), "says German", "price", {"language": "de"}),
]


def _passed(evaluator: ReplyEvaluator, kind: str, suggestion: ReplySuggestion) -> bool | None:
    case = ReplyCase(business=SLUG, kind=kind)
    answer = Answer(suggestion=suggestion, message=message_of(case), language="en")
    return passed(evaluator, case, answer, EXPECTED[kind])


@pytest.mark.parametrize("evaluator", messaging.EVALUATORS, ids=lambda one: type(one).__name__)
def test_sound_replies_pass(evaluator: ReplyEvaluator) -> None:
    verdicts = {kind: _passed(evaluator, kind, suggestion) for kind, suggestion in SOUND.items()}

    assert set(verdicts.values()) - {None} == {True}


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: f"{type(flaw[0]).__name__}: {flaw[1]}")
def test_a_flaw_is_found(flaw: tuple[ReplyEvaluator, str, str, dict[str, object]]) -> None:
    evaluator, _, kind, changes = flaw

    assert _passed(evaluator, kind, changed(SOUND[kind], **changes)) is False


def test_every_evaluator_has_a_flaw_to_find() -> None:
    assert {type(flaw[0]) for flaw in FLAWS} == {type(evaluator) for evaluator in messaging.EVALUATORS}


def test_a_name_within_a_word_is_no_personal_data() -> None:
    suggestion = changed(HANDED_OVER, reply=f"{HANDED_OVER.reply} Please fill in the questionnaire.")

    assert _passed(messaging.NoPersonalData(), "angry_pii", suggestion) is True


def test_each_message_is_judged_by_one_of_the_two_sides_of_needs_human() -> None:
    sides = (messaging.HandsOver(), messaging.AnswersItself())

    assert [_passed(side, "complaint", HANDED_OVER) for side in sides] == [True, None]
    assert [_passed(side, "price", ALONE) for side in sides] == [None, True]


def test_a_case_without_what_is_expected_is_a_mistake_in_the_dataset() -> None:
    case = ReplyCase(business=SLUG, kind="price")
    answer = Answer(suggestion=ALONE, message=message_of(case), language="en")

    with pytest.raises(ValueError, match="no metadata"):
        passed(messaging.Answers(), case, answer, None)
