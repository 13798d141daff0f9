"""Writes the sandbox's video scripts."""

import re
from collections.abc import Iterator

from agents.sandbox.occasions import occasion_phrases
from agents.sandbox.offers import offered, particulars
from agents.sandbox.phrases import AnglePhrases, KeyDatePhrases, RolePhrases, primary
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.wording import ended, pick
from agents.sandbox.writers.content import fact_for, read_theme, write_script
from agents.sandbox.writers.strategy import KEY_DATE
from deps.tasks import DayTask
from deps.video import VideoTask
from models.angles import ANGLES
from models.rules.calls_to_action import count_calls_to_action
from models.rules.lexicons import find
from models.rules.speech import HOOK_S, spoken_seconds
from models.video import VideoCopy
from models.vocabulary import ContentType, Role

_MAX_CTA, _MAX_BODY = 200, 4000
_LONGEST_HOOK, _LONGEST_CTA = 0.4, 0.4
"""Shares of a script that the hook and the call to action may take."""
_FULL, _OVERFULL = 0.97, 1.06
"""Shares of the asked length: when to stop, and what no sentence may go beyond."""
_FULL_ABROAD, _OVERFULL_ABROAD = 1.135, 1.148
"""The same where the text is not in the language it was asked in: as long as the slower pace of the two allows."""
_SHORT = 0.87
"""The least share of the requested length at which a script is long enough."""
_MIN_SHOTS, _MAX_SHOTS, _MAX_SHOT = 2, 12, 300
_ROUNDS = 12
_SENTENCE = re.compile(r"[^.!?:。！？：؟]*\w[^.!?:。！？：؟]*")


def write_video_script(setting: Setting, task: VideoTask) -> VideoCopy:
    """Return a script that takes about `task.duration_s` seconds to speak."""
    angle, slots = read_theme(setting, task.day)
    hook = _hook(setting, task, angle, slots)
    cta = _call_to_action(setting, task)
    body = _body(setting, task, angle, slots, said_s=_seconds(setting, task, f"{hook}\n{cta}"))
    return VideoCopy(hook=hook, body=body, cta=cta, shots=_shots(setting, task.day, slots))


WRITERS = {VideoTask: write_video_script}


def _seconds(setting: Setting, task: VideoTask, text: str) -> float:
    """Return how long a text takes to speak, at the slower pace of the language asked for and the one written in."""
    return max(spoken_seconds(text, language) for language in (task.language, setting.language))


def _shots(setting: Setting, day: DayTask, slots: Slots) -> list[str]:
    """Return what a reel shows, shot by shot."""
    shots = write_script(setting, day.model_copy(update={"content_type": ContentType.REEL}), slots).splitlines()
    return [shot[:_MAX_SHOT] for shot in [*shots, setting.name][: max(len(shots), _MIN_SHOTS)]][:_MAX_SHOTS]


def _own_phrases(setting: Setting, day: DayTask, angle: str | None) -> AnglePhrases | KeyDatePhrases | RolePhrases:
    """Return the phrases of a day's theme."""
    if angle == KEY_DATE and day.key_date:
        return occasion_phrases(setting, day.key_date)
    return setting.phrases.angles[angle] if angle in setting.phrases.angles else setting.phrases.roles[day.role]


def _hook(setting: Setting, task: VideoTask, angle: str | None, slots: Slots) -> str:
    day = task.day
    frames = [*_own_phrases(setting, day, angle).hook, *setting.phrases.roles[day.role].hook]
    texts = [text for frame in frames if (text := setting.line([frame], slots))]
    first = pick(setting.seed, "hook", day.day) % max(len(texts) - len(setting.phrases.roles[day.role].hook), 1)
    longest_s = min(HOOK_S, _LONGEST_HOOK * task.duration_s)
    good = (text for text in texts[first:] + texts[:first] if _seconds(setting, task, text) <= longest_s)
    return next((text for text in good if text not in day.theme), setting.name)


def _call_to_action(setting: Setting, task: VideoTask) -> str:
    own, day = task.day.call_to_action, task.day
    if own and len(own) < _MAX_CTA and not setting.unwanted(own) and not _is_too_long(setting, own, task):
        return ended(own, setting.register.end)
    start = pick(setting.seed, "ask", day.day)
    asking = occasion_phrases(setting, day.key_date).ask if day.key_date else setting.phrases.roles[day.role].ask
    texts = [text for _, text in setting.filled(asking, {}, start=start)]
    short = (text for text in texts if not _is_too_long(setting, text, task))
    return next(short, min(texts, key=len, default=setting.name))


def _is_too_long(setting: Setting, call: str, task: VideoTask) -> bool:
    long = _seconds(setting, task, call) > _LONGEST_CTA * task.duration_s
    return long or (count_calls_to_action(call, setting.language) or 0) > 1


def _body(setting: Setting, task: VideoTask, angle: str | None, slots: Slots, *, said_s: float) -> str:
    """Return thoughts in order, each as far as there is time for it."""
    spoken: list[str] = []
    is_asked = primary(task.language) == setting.language
    full, overfull = (_FULL, _OVERFULL) if is_asked else (_FULL_ABROAD, _OVERFULL_ABROAD)
    for thought in _thoughts(setting, task.day, angle, slots):
        if said_s >= full * task.duration_s:
            break
        for sentence in thought:
            takes_s = _seconds(setting, task, sentence)
            too_long = said_s + takes_s > overfull * task.duration_s
            if not sentence or too_long or _is_said(spoken, sentence) or _is_full(spoken, sentence):
                break
            spoken.append(sentence)
            said_s += takes_s
    if not spoken or said_s < _SHORT * task.duration_s:
        spoken.append(_aside(setting, task, room_s=_OVERFULL_ABROAD * task.duration_s - said_s, is_only=not spoken))
    return setting.phrases.writing.space.join(filter(None, spoken))


def _aside(setting: Setting, task: VideoTask, *, room_s: float, is_only: bool) -> str:
    """Return the longest of the lines that can stand alone in `room_s` seconds, for scripts with room for no thought.

    Where none fits: nothing, or the shortest, when `is_only` says that there is nothing else.
    """
    lines = [*setting.register.asides, *setting.register.closers, *setting.phrases.roles[task.day.role].close]
    texts = [text for line in lines if (text := setting.line([line], {})) and not setting.asks(text)]
    timed = sorted((_seconds(setting, task, text), text) for text in texts)
    fitting = [text for seconds, text in timed if seconds <= room_s]
    if fitting:
        return fitting[-1]
    return (timed[0][1] if timed else ended(task.day.theme)) if is_only else ""


def _is_said(spoken: list[str], text: str) -> bool:
    """Return whether a sentence of `text`, or what stands behind a colon, was said before."""
    said = {part.strip() for earlier in spoken for part in _SENTENCE.findall(earlier)}
    return any(part.strip() in said for part in _SENTENCE.findall(text))


def _is_full(spoken: list[str], sentence: str) -> bool:
    return sum(map(len, spoken)) + len(sentence) + len(spoken) > _MAX_BODY


def _thoughts(setting: Setting, day: DayTask, angle: str | None, slots: Slots) -> Iterator[list[str]]:
    """Yield what can be said: of the day, then of the trade, then of the brief, then what is near to the theme.

    The last rounds say it with other words of the trade.
    """
    own = _own_phrases(setting, day, angle).body
    start = pick(setting.seed, "video", day.day)
    texts = [text for _, text in setting.filled(own, slots, start=start)]
    sold = offered(day)
    texts = [text for text in texts if not setting.asks(text) and (sold or not text.endswith((":", "：")))]
    yield texts[:1]
    if sold:
        yield [particulars(setting, sold)]
    if fact := fact_for(setting, day):
        yield [ended(fact)]
    yield from _filmed(setting, day, slots)
    yield from ([text] for text in texts[1:])
    yield from ([ended(other)] for other in setting.facts if other != fact)
    yield from _near(setting, day, slots)
    for turn in range(1, _ROUNDS):
        yield from _filmed(setting, day, setting.slots("video", turn=turn))


def _filmed(setting: Setting, day: DayTask, slots: Slots) -> Iterator[list[str]]:
    """Yield what any video of the trade can say, sentence by sentence, the last thought last."""
    *thoughts, last = setting.phrases.video
    first = pick(setting.seed, "thought", day.day) % len(thoughts)
    for frames in [*thoughts[first:], *thoughts[:first], last]:
        sentences = [setting.line([frame], slots, "video") for frame in frames]
        if not any(map(setting.asks, sentences)) and not find(
            " ".join(sentences), "filming", "hard_to_film", [setting.language]
        ):
            yield sentences


def _near(setting: Setting, day: DayTask, slots: Slots) -> Iterator[list[str]]:
    """Yield what other angles say with the words of the theme: those of the day's role, then of the work."""
    for role in dict.fromkeys((day.role, Role.PROOF, Role.EDUCATION)):
        angles = ANGLES[role]
        first = pick(setting.seed, "near", day.day) % len(angles)
        for angle in (*angles[first:], *angles[:first]):
            for _, text in setting.filled(setting.phrases.angles[angle.id].body, slots, start=day.day):
                if not setting.asks(text) and not text.endswith((":", "：")):
                    yield [text]
