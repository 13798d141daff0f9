"""Shared parts of the video scripts' tests: a script as it is returned."""

from collections.abc import Sequence

from models.rules.speech import spoken_seconds
from models.video import SpokenSeconds, VideoScript
from models.vocabulary import Quality, Violation


def filmable_script(
    *,
    hook: str,
    body: str,
    cta: str,
    shots: Sequence[str] = ("The counter.", "Hands at work."),
    language: str = "en",
    on_screen: str | None = None,
    flags: Sequence[Violation] = (),
    quality: Sequence[Quality] = (),
) -> VideoScript:
    """Return a script with its speaking time."""
    parts = {"hook": hook, "body": body, "cta": cta}
    seconds = {name: spoken_seconds(text, language) for name, text in parts.items()}
    return VideoScript(
        **parts,
        shots=list(shots),
        seconds=SpokenSeconds(**seconds, total=sum(seconds.values())),
        on_screen=on_screen,
        flags=list(flags),
        quality=list(quality),
    )
