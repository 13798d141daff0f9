"""The sandbox's pillars."""

from agents.sandbox.setting import Setting
from agents.sandbox.wording import fill, pick, shorten
from models.strategy import Pillar, PillarSet

_PILLARS = 4
_MAX_NAME, _MAX_DESCRIPTION = 60, 300


def write_pillars(setting: Setting) -> PillarSet:
    """Return four subjects; one of them carries the industry's name."""
    frames = setting.phrases.pillars
    order = sorted(range(len(frames)), key=lambda n: ("{Industry}" not in frames[n].name, pick(setting.seed, n)))
    pillars = [_pillar(setting, number) for number in order]
    # What can't be published comes last: of a brief that bans everything, four are returned all the same.
    pillars.sort(key=lambda pillar: setting.unwanted(f"{pillar.name} {pillar.description}"))
    return PillarSet(pillars=sorted(pillars[:_PILLARS], key=lambda pillar: pick(setting.seed, pillar.name)))


def _pillar(setting: Setting, number: int) -> Pillar:
    frames, slots = setting.phrases.pillars[number], setting.slots("pillar", turn=number)
    name = fill(frames.name, slots, language=setting.language) or setting.name
    description = fill(frames.description, slots, language=setting.language) or setting.name
    return Pillar(name=shorten(name, _MAX_NAME), description=shorten(description, _MAX_DESCRIPTION))
