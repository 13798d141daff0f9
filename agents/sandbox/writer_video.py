"""The sandbox's video scripts."""

from collections.abc import Iterator

from agents.sandbox.offers import particulars
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.wording import count_words, ended, pick
from agents.sandbox.writer_post import fact_for, read_theme
from agents.sandbox.writer_themes import KEY_DATE
from deps.tasks import DayTask, VideoTask
from models.video import VideoScript

_MAX_HOOK_WORDS = 8
_MAX_CTA, _MAX_BODY = 200, 4000
_ROUNDS = 12
_SHORTEST = 2
"""Words of the shortest sentence."""


def write_video_script(setting: Setting, task: VideoTask) -> VideoScript:
    """Return a script of about `task.words` words: what belongs to the theme first, then what any video can show."""
    angle, slots = read_theme(setting, task.day)
    hook = _hook(setting, task.day, angle, slots)
    cta = _call_to_action(setting, task.day)
    room = max(task.words - count_words(hook) - count_words(cta), 1)
    return VideoScript(hook=hook, body=_body(setting, task.day, angle, slots, room=room), cta=cta)


def _hook(setting: Setting, day: DayTask, angle: str | None, slots: Slots) -> str:
    frames = setting.phrases.roles[day.role].hook
    if angle == KEY_DATE:
        frames = setting.phrases.key_dates.hook
    elif angle:
        frames = setting.phrases.angles[angle].hook
    texts = [text for _, text in setting.filled(frames, slots, start=pick(setting.seed, "hook", day.day))]
    short = (text for text in texts if count_words(text) <= _MAX_HOOK_WORDS and text not in day.theme)
    return next(short, setting.name)


def _call_to_action(setting: Setting, day: DayTask) -> str:
    own = day.call_to_action
    if own and len(own) < _MAX_CTA and not setting.unwanted(own):
        return ended(own, setting.register.end)
    return setting.line(setting.phrases.roles[day.role].ask, {}, "ask", day.day) or setting.name


def _body(setting: Setting, day: DayTask, angle: str | None, slots: Slots, *, room: int) -> str:
    """Return thoughts in order, each as far as there is room for it."""
    spoken: list[str] = []
    for thought in _thoughts(setting, day, angle, slots):
        if room < _SHORTEST:
            break
        for sentence in thought:
            words = count_words(sentence)
            if (
                not sentence
                or words > room
                or sentence in spoken
                or sum(map(len, spoken)) + len(sentence) > _MAX_BODY - len(spoken)
            ):
                break
            spoken.append(sentence)
            room -= words
    return " ".join(spoken) or ended(day.theme)


def _thoughts(setting: Setting, day: DayTask, angle: str | None, slots: Slots) -> Iterator[list[str]]:
    """Yield what can be said, the day's own first; later rounds say it with other words of the trade."""
    phrases = setting.phrases
    own = phrases.roles[day.role].body
    if angle == KEY_DATE:
        own = phrases.key_dates.body
    elif angle:
        own = phrases.angles[angle].body
    start = pick(setting.seed, "video", day.day)
    texts = [text for _, text in setting.filled(own, slots, start=start)]
    yield texts[:1]
    if day.offer:
        yield [particulars(setting, day.offer)]
    if fact := fact_for(setting, day):
        yield [ended(fact)]
    first = pick(setting.seed, "thought", day.day) % len(phrases.video)
    for turn in range(_ROUNDS):
        other = slots if turn == 0 else setting.slots("video", turn=turn)
        for frames in phrases.video[first:] + phrases.video[:first]:
            yield [setting.line([frame], other, "video") for frame in frames]
        yield from ([text] for text in texts[1:])
