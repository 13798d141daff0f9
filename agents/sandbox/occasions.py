"""Names the occasion of a day, and tells whether it is a solemn one."""

import re
from functools import cache
from pathlib import Path

import yaml

from agents.sandbox.keywords import says
from agents.sandbox.phrases import KeyDatePhrases
from agents.sandbox.setting import Setting
from agents.sandbox.wording import shorten

_MAX_NAME = 60
_SUFFIX = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")


def occasion_name(setting: Setting, name: str) -> str:
    """Return an occasion as it is said: a holiday without "(observed)" or "(estimated)"; the brief's own as it is."""
    own = {key_date.name for key_date in setting.brief.campaign.key_dates}
    said = name if name in own else _SUFFIX.sub("", name) or name
    return shorten(said, _MAX_NAME)


def occasion_phrases(setting: Setting, name: str) -> KeyDatePhrases:
    """Return the phrases for an occasion: quiet ones on a day known to be solemn, cheerful ones on all others."""
    return setting.phrases.solemn_days if is_solemn(name) else setting.phrases.key_dates


def is_solemn(name: str) -> bool:
    """Return whether an occasion is known to be one of mourning, memory or fasting."""
    return says(_solemn(), name)


@cache
def _solemn() -> tuple[str, ...]:
    text = Path(__file__).with_name("solemn_days.yaml").read_text(encoding="utf-8")
    names: dict[str, list[str]] = yaml.safe_load(text)
    return tuple(name for group in names.values() for name in group)
