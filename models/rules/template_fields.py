"""The fields of a WhatsApp template that rules read."""

from collections.abc import Callable

from models.counting import emoji_in
from models.rules import finders
from models.rules.field_values import Field, Reading, found_in
from models.rules.lexicons import find
from models.rules.publishable import Publishable, Template
from models.vocabulary import Network

_MARKDOWN = finders.pattern_finder(r"[*_~`\n]")


def _in_template(read: Callable[[Template], list[Reading]]) -> Field:
    def read_template(content: Publishable, network: Network) -> list[Reading]:
        return read(content.template) if content.template else []

    return read_template


def _template_text(name: str) -> Field:
    def read(template: Template) -> list[Reading]:
        value = getattr(template, name)
        return [] if value is None else [Reading(f"template.{name}", value)]

    return _in_template(read)


def _template_buttons(template: Template) -> list[Reading]:
    return [Reading(f"template.buttons.{index}", label) for index, label in enumerate(template.buttons)]


def _in_header(finder: finders.Finder) -> Field:
    return _in_template(lambda template: found_in("template.header", template.header or "", finder))


def _variables(template: Template) -> list[str]:
    texts = (template.header or "", template.body or "")
    return list(dict.fromkeys(text[span.start : span.end] for text in texts for span in finders.variables(text)))


def _variables_without_example(template: Template) -> list[Reading]:
    return [Reading("template.examples", name) for name in _variables(template)[len(template.examples) :]]


def _variables_at_ends(template: Template) -> list[Reading]:
    body = template.body or ""
    at_ends = [span for span in finders.variables(body) if span.start == 0 or span.end == len(body)]
    return [Reading("template.body", body[span.start : span.end], span) for span in at_ends]


def _promotion_in_utility(template: Template) -> list[Reading]:
    if template.category != "UTILITY":
        return []
    texts = {"header": template.header, "body": template.body, "footer": template.footer}
    return [
        reading
        for name, text in texts.items()
        for reading in found_in(f"template.{name}", text or "", lambda text: find(text, "bait", "promotion"))
    ]


def _marketing_body(template: Template) -> list[Reading]:
    return [Reading("template.body", template.body)] if template.category == "MARKETING" and template.body else []


TEMPLATE_FIELDS: dict[str, Field] = {
    "template_category": _template_text("category"),
    "template_header": _template_text("header"),
    "template_body": _template_text("body"),
    "template_footer": _template_text("footer"),
    "template_buttons": _in_template(_template_buttons),
    "variables_in_header": _in_header(finders.variables),
    "marks_in_header": _in_header(lambda text: [*_MARKDOWN(text), *emoji_in(text)]),
    "variables_without_example": _in_template(_variables_without_example),
    "variables_at_ends": _in_template(_variables_at_ends),
    "promotion_in_utility": _in_template(_promotion_in_utility),
    "marketing_body": _in_template(_marketing_body),
}
