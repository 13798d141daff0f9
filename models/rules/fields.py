"""The fields of a post that rules read, by name."""

from models.rules import finders
from models.rules.composing import compose
from models.rules.field_values import Field, Reading, found_in
from models.rules.lexicons import find
from models.rules.publishable import Publishable
from models.rules.template_fields import TEMPLATE_FIELDS
from models.vocabulary import ContentType, Network

_LOUD = finders.pattern_finder(r"[!！]{3,}+|\b\p{Lu}{4,}+(?:\s\p{Lu}{3,}+)++\b")


def _text(content: Publishable, network: Network) -> list[Reading]:
    text = compose(content, network)
    return [Reading("caption", text)] if text else []


def _one(name: str) -> Field:
    def read(content: Publishable, network: Network) -> list[Reading]:
        value = getattr(content, name)
        return [] if value is None else [Reading(name, value)]

    return read


def _in_texts(finder: finders.Finder, *names: str) -> Field:
    """Return a field that reads a finder's matches in some text fields."""

    def read(content: Publishable, network: Network) -> list[Reading]:
        return [reading for name in names for reading in found_in(name, getattr(content, name) or "", finder)]

    return read


def _hashtags(content: Publishable, network: Network) -> list[Reading]:
    listed = [Reading(f"hashtags.{index}", tag) for index, tag in enumerate(content.hashtags)]
    return [*_in_texts(finders.hashtags, "caption")(content, network), *listed]


def _different_links(content: Publishable, network: Network) -> list[Reading]:
    links = _in_texts(finders.links, "caption", "link")(content, network)
    return list({reading.value: reading for reading in links}.values())


def _media(*kinds: str) -> Field:
    def read(content: Publishable, network: Network) -> list[Reading]:
        return [Reading(f"media.{index}", item) for index, item in enumerate(content.media) if item.kind in kinds]

    return read


def _kinds_of_media(content: Publishable, network: Network) -> list[Reading]:
    kinds = dict.fromkeys(item.kind for item in content.media)
    return [Reading("media", kind) for kind in kinds]


def _marked_media(content: Publishable, network: Network) -> list[Reading]:
    return [Reading(f"media.{index}", item) for index, item in enumerate(content.media) if item.has_mark]


def _claimed_videos(content: Publishable, network: Network) -> list[Reading]:
    return _media("video")(content, network) if content.copyright_claimed else []


def _videos_without_cover(content: Publishable, network: Network) -> list[Reading]:
    return _media("video")(content, network) if content.has_cover is False else []


def _unlabelled_ai(content: Publishable, network: Network) -> list[Reading]:
    return [Reading("ai_labelled", "ai_generated")] if content.ai_generated and not content.ai_labelled else []


def _unlabelled_sponsorship(content: Publishable, network: Network) -> list[Reading]:
    unlabelled = content.sponsored and not content.sponsorship_labelled
    return [Reading("sponsorship_labelled", "sponsored")] if unlabelled else []


def _description(content: Publishable, network: Network) -> list[Reading]:
    return [Reading("description", content.description)] if content.description else _text(content, network)


def _text_or_link(content: Publishable, network: Network) -> list[Reading]:
    return [Reading("caption", compose(content, network) or content.link or "")]


def _is_photo_post(content: Publishable) -> bool:
    if content.media:
        return not any(item.kind == "video" for item in content.media)
    return content.content_type in (ContentType.CAROUSEL, ContentType.IMAGE)


def _video_text(content: Publishable, network: Network) -> list[Reading]:
    return [] if _is_photo_post(content) else _text(content, network)


def _photo(field: Field) -> Field:
    return lambda content, network: field(content, network) if _is_photo_post(content) else []


def _joined_keywords(content: Publishable, network: Network) -> list[Reading]:
    # YouTube counts the commas, and the quotes around a tag that contains a space
    quoted = [f'"{keyword}"' if " " in keyword else keyword for keyword in content.keywords]
    return [Reading("keywords", ",".join(quoted))] if quoted else []


def _topics(content: Publishable, network: Network) -> list[Reading]:
    tags = [Reading(f"hashtags.{index}", tag.lstrip("#＃")) for index, tag in enumerate(content.hashtags)]
    return [*tags, *_one("topic_tag")(content, network)]


def _dots_in_topics(content: Publishable, network: Network) -> list[Reading]:
    return [
        topic for topic in _topics(content, network) if isinstance(topic.value, str) and set(".&") & set(topic.value)
    ]


def _shouting(content: Publishable, network: Network) -> list[Reading]:
    text = content.caption or ""
    is_link_post = content.link or finders.links(text)
    return found_in(
        "caption", text if is_link_post else "", lambda text: [*find(text, "bait", "shouting"), *_LOUD(text)]
    )


def _hours_without_template(content: Publishable, network: Network) -> list[Reading]:
    return [] if content.template else _one("hours_since_customer")(content, network)


FIELDS: dict[str, Field] = {
    "text": _text,
    "hashtags": _hashtags,
    "mentions": _in_texts(finders.mentions, "caption"),
    "cashtags": _in_texts(finders.cashtags, "caption"),
    "links": _in_texts(finders.links, "caption"),
    "different_links": _different_links,
    "phones": _in_texts(finders.phones, "caption"),
    "invalid_characters": _in_texts(finders.invalid_on_x, "caption"),
    "bait": _in_texts(lambda text: find(text, "bait", "bait"), "caption"),
    "shouting": _shouting,
    "text_or_link": _text_or_link,
    "title": _one("title"),
    "angles_in_title": _in_texts(finders.angles, "title"),
    "description": _description,
    "angles_in_description": _in_texts(finders.angles, "description", "caption"),
    "alt_text": _one("alt_text"),
    "link": _one("link"),
    "joined_keywords": _joined_keywords,
    "topics": _topics,
    "dots_in_topics": _dots_in_topics,
    "event_title": _one("event_title"),
    "coupon_code": _one("coupon_code"),
    "button": _one("button"),
    "media": _media("image", "video", "gif"),
    "images": _media("image"),
    "videos": _media("video"),
    "gifs": _media("gif"),
    "kinds_of_media": _kinds_of_media,
    "marked_media": _marked_media,
    "claimed_videos": _claimed_videos,
    "videos_without_cover": _videos_without_cover,
    "unlabelled_ai": _unlabelled_ai,
    "unlabelled_sponsorship": _unlabelled_sponsorship,
    "video_text": _video_text,
    "photo_text": _photo(_description),
    "photo_title": _photo(_one("title")),
    "posts_in_24_h": _one("posts_in_24_h"),
    "hours_without_template": _hours_without_template,
    **TEMPLATE_FIELDS,
}
