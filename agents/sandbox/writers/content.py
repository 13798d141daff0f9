"""Writes the sandbox's posts."""

from agents.sandbox.keywords import words_of
from agents.sandbox.occasions import is_solemn, occasion_phrases
from agents.sandbox.offers import offered, particulars
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.tag_words import write_hashtags
from agents.sandbox.wording import ended, pick, quotable, shorten
from agents.sandbox.writers.strategy import KEY_DATE, theme_of
from deps.content import CopyTask, PostTask, VariantTask
from deps.tasks import DayTask
from models.content import PostCopy, VariantCopy
from models.vocabulary import ContentType, Role

_MAX_SCRIPT, _MAX_THEME = 3000, 300
_USUAL_HASHTAG, _MIN_FIRST = 14, 30
"""Characters of a usual hashtag, and of the first line where a network has little room."""
_SHORT = (ContentType.STORY,)


def write_post(setting: Setting, task: CopyTask) -> PostCopy:
    """Return the post of a day: the theme as its first line, what belongs to its angle, one call to action."""
    day = task.day
    angle, slots = read_theme(setting, day)
    hashtags = write_hashtags(setting, slots, network=day.network)[: task.max_hashtags]
    # The room is for hashtags of a usual length.
    room = task.caption_characters - sum(max(0, len(tag) - _USUAL_HASHTAG) for tag in hashtags)
    caption = _caption(setting, day, angle, slots, room=room)
    return PostCopy(caption=caption, hashtags=hashtags, script=write_script(setting, day, slots))


def write_variant(setting: Setting, task: VariantTask) -> VariantCopy:
    """Return the post of the day for another network, with another way in."""
    post = write_post(setting, task)
    return VariantCopy(caption=post.caption, hashtags=post.hashtags)


WRITERS = {PostTask: write_post, VariantTask: write_variant}


def read_theme(setting: Setting, day: DayTask) -> tuple[str | None, Slots]:
    """Return the angle of a day's theme, None when it is not the sandbox's own, and its slots."""
    theme = theme_of(setting, day)
    slots = theme.slots if theme else setting.slots(day.role.value, turn=pick(setting.seed, day.theme))
    return (theme.angle if theme else None), slots | {
        "theme": quotable(shorten(day.theme, _MAX_THEME), setting.phrases.writing.inner_quotes)
    }


def fact_for(setting: Setting, day: DayTask) -> str:
    """Return the fact that shares most with the theme, else one that the day decides on; nothing when it says one."""
    facts = [fact for fact in setting.facts if fact.rstrip(".").casefold() not in day.theme.casefold()]
    if not facts:
        return ""
    theme = set(words_of(day.theme)) - set(setting.function_words)
    return max(facts, key=lambda fact: (len(theme & set(words_of(fact))), pick(setting.seed, fact, day.day)))


def _caption(setting: Setting, day: DayTask, angle: str | None, slots: Slots, *, room: int) -> str:
    """Return what must stand there, and of the rest what there is room for."""
    first = ended(day.theme) if setting.register_name != "playful" else day.theme
    if setting.emoji and not is_solemn(day.key_date or ""):
        first = f"{first} {setting.emoji}"
    body = _body(setting, day, angle, slots)
    must = {
        1: first,
        3: particulars(setting, sold) if (sold := offered(day)) else "",
        6: _close(setting, day, body),
        7: _required(setting, room=room),
    }
    room -= sum(len(text) + 2 for text in must.values() if text)
    if room < 0:
        must[1] = shorten(first, max(len(first) + room, _MIN_FIRST))
    may = {2: body, 4: _fact_line(setting, day)}
    for place, text in may.items():
        if text and len(text) + 2 <= room:
            must[place] = text
            room -= len(text) + 2
    return "\n\n".join(must[place] for place in sorted(must) if must[place])


def _body(setting: Setting, day: DayTask, angle: str | None, slots: Slots) -> str:
    sold = offered(day)
    if day.content_type in _SHORT and not sold:
        return ""
    frames = setting.phrases.roles[day.role].body
    if angle == KEY_DATE and day.key_date:
        frames = occasion_phrases(setting, day.key_date).body
    elif angle:
        frames = setting.phrases.angles[angle].body
    # What leads to an offer says nothing without one.
    frames = [frame for frame in frames if sold or not frame.endswith((":", "："))]
    texts = [text for _, text in setting.filled(frames, slots, start=pick(setting.seed, "body", day.day))]
    body = next((text for text in texts if not setting.asks(text)), "")
    aside = _in_turn(setting, setting.register.asides, "aside", day.day // 2)
    return f"{aside}{setting.phrases.writing.space}{body}" if aside and angle != KEY_DATE and day.day % 2 else body


def _fact_line(setting: Setting, day: DayTask) -> str:
    told = day.role in (Role.PROOF, Role.LAUNCH, Role.OFFER, Role.EDUCATION) and not day.key_date
    fact = fact_for(setting, day) if told else ""
    slots = setting.fact_slots(fact, longest=len(fact))  # cut short it would read like a mistake
    return ended(setting.line(setting.phrases.fact_lines, slots, "fact", day.day)) if fact else ""


def _close(setting: Setting, day: DayTask, body: str) -> str:
    """Return the call to action in the tone's punctuation; without one, one that asks for nothing to be bought.

    Where the theme asks for something already, a line that asks for nothing.
    """
    if day.call_to_action and not setting.unwanted(day.call_to_action):
        return ended(day.call_to_action, setting.register.end)
    role = setting.phrases.roles[day.role]
    asking = occasion_phrases(setting, day.key_date).ask if day.key_date else role.ask
    if not setting.asks(f"{day.theme}\n{body}"):
        return _in_turn(setting, asking, "close", day.day)
    frames = [*role.close, *setting.phrases.formats.get(day.content_type, [])]
    if day.role not in (Role.COMMUNITY, Role.OFFER):
        frames = [*frames, *setting.register.closers]
    return _in_turn(setting, [frame for frame in frames if not setting.asks(frame)], "close", day.day)


def _in_turn(setting: Setting, frames: list[str], key: str, number: int) -> str:
    """Return another line for each number, until all had their turn."""
    return next((text for _, text in setting.filled(frames, {}, start=pick(setting.seed, key) + number)), "")


def _required(setting: Setting, *, room: int) -> str:
    """Return the required phrases word for word, as many as there is room for."""
    kept = ""
    for phrase in setting.brief.business.required_phrases:
        longer = f"{kept}\n{phrase}" if kept else phrase
        kept = longer if len(longer) <= room else kept
    return kept


def write_script(setting: Setting, day: DayTask, slots: Slots) -> str:
    """Return what is seen, line by line."""
    variants = setting.phrases.scripts[day.content_type]
    frames = variants[pick(setting.seed, "script", day.day) % len(variants)]
    lines = [text for frame in frames if (text := setting.line([frame], slots, "line"))]
    return "\n".join(lines or [slots["theme"]])[:_MAX_SCRIPT]
