"""The sandbox's posts."""

from agents.sandbox.hashtags import write_hashtags
from agents.sandbox.keywords import words_of
from agents.sandbox.offers import particulars
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.wording import ended, pick, quotable, shorten
from agents.sandbox.writer_themes import KEY_DATE, theme_of
from deps.tasks import DayTask, PostTask
from models.content import Post
from models.vocabulary import ContentType, Network, Role

_MAX_CAPTION, _MAX_SCRIPT, _MAX_THEME = 2200, 3000, 300
_ROOM = {
    Network.X: 280,
    Network.THREADS: 500,
    Network.PINTEREST: 800,
    Network.GOOGLE_BUSINESS: 1500,
    Network.WHATSAPP: 1024,
}
"""Characters that a network takes, where that is less than a caption may have."""
_LINKS_WORK = (None, Network.FACEBOOK, Network.LINKEDIN, Network.PINTEREST, Network.YOUTUBE, Network.GOOGLE_BUSINESS)
_SHORT = (ContentType.STORY,)


def write_post(setting: Setting, task: PostTask) -> Post:
    """Return the post of a day: the theme as its first line, what belongs to its angle, one call to action."""
    day = task.day
    angle, slots = read_theme(setting, day)
    hashtags = write_hashtags(setting, slots, network=day.network)
    room = _ROOM.get(day.network, _MAX_CAPTION) if day.network else _MAX_CAPTION
    caption = _caption(setting, day, angle, slots, room=room - sum(len(tag) + 1 for tag in hashtags))
    return Post(caption=caption, hashtags=hashtags, script=_script(setting, day, slots))


def read_theme(setting: Setting, day: DayTask) -> tuple[str | None, Slots]:
    """Return the angle of a day's theme, None when it is not the sandbox's own, and its slots."""
    theme = theme_of(setting, day)
    slots = theme.slots if theme else setting.slots(day.role.value, turn=pick(setting.seed, day.theme))
    return (theme.angle if theme else None), slots | {"theme": quotable(shorten(day.theme, _MAX_THEME))}


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
    if setting.emoji:
        first = f"{first} {setting.emoji}"
    body = _body(setting, day, angle, slots)
    must = {
        0: _disclosure(setting),
        1: first,
        3: particulars(setting, day.offer) if day.offer else "",
        6: _close(setting, day, body),
        7: _required(setting, room=room),
    }
    room -= sum(len(text) + 2 for text in must.values() if text)
    may = {2: body, 4: _fact_line(setting, day), 5: _link(setting, day)}
    for place, text in may.items():
        if text and len(text) + 2 <= room:
            must[place] = text
            room -= len(text) + 2
    return "\n\n".join(must[place] for place in sorted(must) if must[place])[:_MAX_CAPTION]


def _disclosure(setting: Setting) -> str:
    connection = setting.business.material_connection
    return setting.phrases.disclosure.replace("{connection}", connection) if connection else ""


def _body(setting: Setting, day: DayTask, angle: str | None, slots: Slots) -> str:
    if day.content_type in _SHORT and not day.offer:
        return ""
    frames = setting.phrases.roles[day.role].body
    if angle == KEY_DATE:
        frames = setting.phrases.key_dates.body
    elif angle:
        frames = setting.phrases.angles[angle].body
    body = setting.line(frames, slots, "body", day.day)
    aside = _in_turn(setting, setting.register.asides, "aside", day.day // 2)
    return f"{aside} {body}" if aside and angle != KEY_DATE and day.day % 2 else body


def _fact_line(setting: Setting, day: DayTask) -> str:
    told = day.role in (Role.PROOF, Role.LAUNCH, Role.OFFER, Role.EDUCATION) and not day.key_date
    fact = fact_for(setting, day) if told else ""
    return ended(setting.line(setting.phrases.fact_lines, setting.fact_slots(fact), "fact", day.day)) if fact else ""


def _close(setting: Setting, day: DayTask, body: str) -> str:
    """Return the call to action in the tone's punctuation; without one, a line that asks for nothing to be bought."""
    if day.call_to_action and not setting.unwanted(day.call_to_action):
        return ended(day.call_to_action, setting.register.end)
    if body.endswith("?"):
        return ""
    frames = [*setting.phrases.roles[day.role].close, *setting.phrases.formats.get(day.content_type, [])]
    if day.role not in (Role.COMMUNITY, Role.OFFER):
        frames = [*frames, *setting.register.closers]
    return _in_turn(setting, frames, "close", day.day)


def _in_turn(setting: Setting, frames: list[str], key: str, number: int) -> str:
    """Return another line for each number, until all had their turn."""
    return next((text for _, text in setting.filled(frames, {}, start=pick(setting.seed, key) + number)), "")


def _link(setting: Setting, day: DayTask) -> str:
    wanted = day.role in (Role.LAUNCH, Role.OFFER) and day.network in _LINKS_WORK
    return setting.business.links[0] if wanted and setting.business.links else ""


def _required(setting: Setting, *, room: int) -> str:
    """Return the required phrases word for word, as many as there is room for."""
    kept = ""
    for phrase in setting.business.required_phrases:
        longer = f"{kept}\n{phrase}" if kept else phrase
        kept = longer if len(longer) <= room else kept
    return kept


def _script(setting: Setting, day: DayTask, slots: Slots) -> str:
    """Return what is seen, line by line."""
    variants = setting.phrases.scripts[day.content_type]
    frames = variants[pick(setting.seed, "script", day.day) % len(variants)]
    lines = [text for frame in frames if (text := setting.line([frame], slots, "line"))]
    return "\n".join(lines or [slots["theme"]])[:_MAX_SCRIPT]
