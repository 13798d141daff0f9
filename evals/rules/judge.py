"""The findings of all checks of the layer in a sample, and the checks that apply to it."""

from functools import cache
from typing import NamedTuple

from evals.rules.reply_findings import FOR_A_PERSON, REPLIES, answered, is_for_answer
from evals.rules.samples import Sample, brief_for
from models.brief import Brief
from models.messaging import Channel
from models.publishing import violations
from models.rules.chat_windows import OutgoingMessage, check_message
from models.rules.checking import check
from models.rules.compliance import comply
from models.rules.compliance_rules import COMPLIANCE_RULES
from models.rules.copy_quality import measure_copy
from models.rules.fields import FIELDS
from models.rules.pack import Rule, rule_pack
from models.rules.publishable import Publishable
from models.rules.speech import check_script
from models.video import VideoCopy
from models.vocabulary import Network

GROUND = tuple(
    f"ground.{kind}"
    for kind in (
        *("price", "percentage", "code", "gift", "link", "email", "phone", "handle"),
        *("date", "award", "stars", "review", "quote"),
    )
)
BRAND = ("brand.banned", "brand.competitor", "brand.required")
TEXT = ("text.markup", "text.hidden", "text.leak")
QUALITY = ("q.opener", "q.emoji", "q.sentence", "q.cliche", "q.language", "q.cta")
VIDEO = ("video.hook", "video.length", "video.cta", "video.greeting", "video.repeat", "video.filmable")
MESSAGES = ("wa.window", "ms.window", "ms.text", "ms.bot", "law.bot")
LAW = tuple(rule.id for rule in COMPLIANCE_RULES if rule.id.startswith("law."))

WORD_LIST_LANGUAGES = frozenset("en fr de es it nl pt pl sv".split())
"""Languages for which `comply` has word lists."""
_FOUND_IN_CAPTION = frozenset(
    "text hashtags mentions cashtags links different_links phones invalid_characters bait shouting text_or_link "
    "description angles_in_description".split()
)
_NEED_OF = {
    "angles_in_title": "title",
    "unlabelled_ai": "ai_generated",
    "unlabelled_sponsorship": "sponsored",
    "claimed_videos": "copyright_claimed",
    "videos_without_cover": "has_cover",
    "dots_in_topics": "topic_tag",
    "kinds_of_media": "media",
    "marked_media": "media",
    **dict.fromkeys(("variables_in_header", "marks_in_header"), "template"),
    **dict.fromkeys(("variables_without_example", "variables_at_ends", "promotion_in_utility"), "template"),
}
"""The field that a rule needs in order to find anything."""


class Found(NamedTuple):
    """A broken rule and its field."""

    rule: str
    path: str


def every_rule() -> tuple[str, ...]:
    """Return the ids of all rules, by family."""
    pack = [rule.id for rule in rule_pack().rules]
    return tuple(
        dict.fromkeys((*pack, *GROUND, *LAW, *BRAND, *TEXT, *QUALITY, *VIDEO, *MESSAGES, *REPLIES, *FOR_A_PERSON))
    )


def judged(sample: Sample, *, without: frozenset[str] = frozenset()) -> list[Found]:
    """Return the findings of the checks, except of the rules in `without`."""
    brief = brief_for(sample)
    match sample.kind:
        case "edge" | "template":
            return _publishing(sample, without)
        case "post":
            return [*_publishing(sample, without), *_words(sample, brief, without), *_quality(sample, brief, without)]
        case "script":
            return [*_words(sample, brief, without), *_script(sample, brief, without)]
        case "reply":
            return [*_words(sample, brief, without), *_message(sample, without)]
        case "answer" | "message":
            return [Found(rule, path) for rule, path in answered(sample, brief, without=without)]


def applicable(sample: Sample, rules: tuple[str, ...]) -> list[str]:
    """Return those of `rules` that apply to the sample, and for which it is a valid output."""
    return [rule for rule in rules if rule not in sample.flags and _is_for(rule, sample)]


def _publishing(sample: Sample, without: frozenset[str]) -> list[Found]:
    network = Network(str(sample.network))
    return [Found(found.rule_id, found.path) for found in check(content_of(sample), network, without=without)]


def _words(sample: Sample, brief: Brief, without: frozenset[str]) -> list[Found]:
    texts = texts_of_sample(sample)
    found = violations(texts, brief, without=without)
    found += comply(texts, brief.business, without=without) if sample.kind == "post" else []
    return list(dict.fromkeys(Found(violation.rule_id, violation.path) for violation in found))


def _quality(sample: Sample, brief: Brief, without: frozenset[str]) -> list[Found]:
    return [Found(found.name, "caption") for found in measured(sample, brief, without) if not found.passed]


def measured(sample: Sample, brief: Brief, without: frozenset[str]):
    """Return the quality measures of a post's copy."""
    caption = str(sample.fields["caption"])
    past = [str(text) for text in _list(sample, "past_posts")]
    return measure_copy(caption, brief.business, past, call_to_action=brief.campaign.call_to_action, without=without)


def _script(sample: Sample, brief: Brief, without: frozenset[str]) -> list[Found]:
    fields = sample.fields
    script = VideoCopy.model_validate({part: fields[part] for part in ("hook", "body", "cta", "shots")})
    found = check_script(
        script,
        language=sample.language,
        duration_s=float(str(fields["duration_s"])),
        theme=str(fields["theme"]),
        call_to_action=brief.campaign.call_to_action,
        without=without,
    )
    return [Found(violation.rule_id, violation.path) for violation in found]


def _message(sample: Sample, without: frozenset[str]) -> list[Found]:
    message, channel = message_of(sample)
    return [Found(violation.rule_id, violation.path) for violation in check_message(message, channel, without=without)]


def content_of(sample: Sample) -> Publishable:
    """Return a post or template in the form that the publishing rules accept."""
    return Publishable.model_validate({key: value for key, value in sample.fields.items() if key != "past_posts"})


def texts_of_sample(sample: Sample) -> dict[str, str]:
    """Return the texts of a sample by path."""
    names = {"post": ("caption",), "script": ("hook", "body", "cta"), "reply": ("reply",)}[sample.kind]
    listed = {
        f"{name}.{index}": str(text) for name in ("hashtags", "shots") for index, text in enumerate(_list(sample, name))
    }
    return {name: str(sample.fields[name]) for name in names} | listed


def message_of(sample: Sample) -> tuple[OutgoingMessage, Channel]:
    """Return a reply in the form that the message rules accept."""
    fields = sample.fields
    message = OutgoingMessage(
        text=str(fields["reply"]),
        language=sample.language,
        hours_since_customer=float(str(fields["hours"])),
        uses_template=bool(fields.get("template")),
        answers_ad=bool(fields.get("ad")),
        is_human_written=bool(fields.get("human")),
        opens_chat=bool(fields.get("opens")),
    )
    return message, Channel(str(fields["channel"]))


def _list(sample: Sample, name: str) -> list[object]:
    value = sample.fields.get(name)
    return list(value) if isinstance(value, list) else []


def _is_for(rule: str, sample: Sample) -> bool:
    if rule in _pack() and sample.kind in ("edge", "template", "post"):
        return _is_for_publishing(_pack()[rule], sample)
    if rule in (*GROUND, *TEXT):
        return sample.kind in ("post", "script", "reply", "answer")
    if rule in BRAND or rule in LAW:
        return sample.kind in ("post", "script", "reply", "answer") and _is_for_words(rule, sample)
    if rule in QUALITY:
        return sample.kind == "post" and rule in {
            found.name for found in measured(sample, brief_for(sample), frozenset())
        }
    if rule in VIDEO:
        return sample.kind == "script"
    if rule in (*REPLIES, *FOR_A_PERSON):
        return is_for_answer(rule, sample)
    return rule in MESSAGES and sample.kind == "reply" and _is_for_message(rule, sample)


def _is_for_publishing(rule: Rule, sample: Sample) -> bool:
    if sample.network != rule.network or (rule.formats and sample.fields.get("content_type") not in rule.formats):
        return False
    if rule.field in _FOUND_IN_CAPTION:
        return sample.fields.get("caption") is not None
    if rule.field in _NEED_OF:
        return bool(sample.fields.get(_NEED_OF[rule.field]))
    if rule.unit == "items" and rule.at_most == 0:
        return True
    return bool(FIELDS[rule.field](content_of(sample), rule.network))


def _is_for_words(rule: str, sample: Sample) -> bool:
    business = brief_for(sample).business
    lists = {
        "brand.banned": business.banned_phrases,
        "brand.competitor": business.competitors,
        "brand.required": business.required_phrases if sample.kind == "post" else [],
    }
    if rule in lists:
        return bool(lists[rule])
    legal = next(legal for legal in COMPLIANCE_RULES if legal.id == rule)
    if legal.severity(business) is None or sample.language not in WORD_LIST_LANGUAGES:
        return False
    kind = {"law.disclosure": "post", "law.alcohol.age": "post", "law.finance.warning": "post"}.get(rule)
    return sample.kind == ("script" if rule == "law.disclosure.spoken" else kind or sample.kind)


def _is_for_message(rule: str, sample: Sample) -> bool:
    _, channel = message_of(sample)
    meta = channel in (Channel.MESSENGER, Channel.INSTAGRAM_DM)
    return {
        "wa.window": channel is Channel.WHATSAPP,
        "ms.window": meta,
        "ms.text": channel is Channel.INSTAGRAM_DM,
        "ms.bot": meta,
        "law.bot": channel in (Channel.WHATSAPP, Channel.WEB_CHAT),
    }[rule]


@cache
def _pack() -> dict[str, Rule]:
    return {rule.id: rule for rule in rule_pack().rules}
