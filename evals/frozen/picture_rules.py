"""What must hold after a picture case."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from ai_service import Attempt
from evals.frozen.opened import Came
from evals.frozen.situations import Situation
from evals.frozen.tally import Complaint
from evals.frozen.watched import Watch

_TAGS = {"Orientation": 0x0112, "Make": 0x010F, "Artist": 0x013B, "GPSInfo": 0x8825}


@dataclass
class Drawn:
    """What came of a case."""

    case: Situation
    came: Came = field(default_factory=lambda: Came(None, None, 0))
    second: Came | None = None
    rows: list[Attempt] = field(default_factory=list[Attempt])
    requests: int = 0
    fetched: int = 0
    """Requests to the address of the picture."""
    watch: Watch = field(default_factory=Watch)

    # Any: the output of the feature, whose fields are read as they are
    @property
    def output(self) -> Any:
        """The output, or None."""
        return self.came.result.output if self.came.result else None

    @property
    def flags(self) -> list[Any]:
        """What a person should review."""
        return list(getattr(self.output, "flags", []))

    @property
    def content(self) -> bytes:
        """The bytes of what was returned; empty where only an address was."""
        return base64.b64decode(getattr(self.output, "base64", None) or "")

    @property
    def picture(self) -> Image.Image | None:
        """What was returned, decoded."""
        if not self.content:
            return None
        try:
            with Image.open(BytesIO(self.content)) as opened:
                opened.load()
                return opened
        except (OSError, Image.DecompressionBombError):
            return None


def complaints(drawn: Drawn) -> list[Complaint]:
    """Return what is not as it must be."""
    if drawn.came.raw:
        return [Complaint("otherwise", "a raw error")]
    exact = drawn.case.exact
    found = [complaint for key, value in exact.items() for complaint in _EXACT[key](value, drawn)]
    return [*found, *_always(drawn)]


def _always(drawn: Drawn) -> Iterator[Complaint]:
    if len(drawn.rows) != drawn.requests:
        yield Complaint("silently wrong", f"{drawn.requests} requests, {len(drawn.rows)} rows")
    if any(row.status == "sent" for row in drawn.rows):
        yield Complaint("silently wrong", "a row stays `sent`")
    if drawn.content and drawn.picture is None:
        yield Complaint("silently wrong", "what is returned cannot be decoded")
    expect = drawn.case.expect
    if expect.startswith("asked again; AI_GEN") and drawn.output is None and drawn.came.requests < 2:
        yield Complaint("otherwise", "not asked again")
    if "the cost is not 0, marked estimated" in expect and drawn.rows:
        row = drawn.rows[-1]
        if not (row.cost_usd and row.cost_estimated):
            words = f"cost {row.cost_usd}, estimated {row.cost_estimated}"
            yield Complaint("otherwise" if row.cost_usd else "silently wrong", words)


def _outcome(want: str, drawn: Drawn) -> Iterator[Complaint]:
    if want == "picture" and drawn.output is None:
        yield Complaint("refused or paid twice", "an error instead of the picture")
    if want == "error" and drawn.output is not None:
        yield Complaint("silently wrong", f"returned {drawn.picture or drawn.output.url}")


def _requests(want: int, drawn: Drawn) -> Iterator[Complaint]:
    found = drawn.came.requests
    if found > want:
        yield Complaint("refused or paid twice", f"{found} requests, not {want}")
    if found < want:
        yield Complaint("silently wrong" if drawn.output else "otherwise", f"{found} requests, not {want}")


def _requests_max(want: int, drawn: Drawn) -> Iterator[Complaint]:
    if drawn.came.requests > want:
        yield Complaint("refused or paid twice", f"{drawn.came.requests} requests, at most {want}")


def _returned(name: str, of: Callable[[Image.Image], object]) -> Callable[[Any, Drawn], Iterator[Complaint]]:
    def check(want: object, drawn: Drawn) -> Iterator[Complaint]:
        picture = drawn.picture
        if picture is not None and of(picture) != want:
            yield Complaint("silently wrong", f"{name} {of(picture)!r}, not {want!r}")

    return check


def _ratio(want: float, drawn: Drawn) -> Iterator[Complaint]:
    picture = drawn.picture
    if picture is None:
        return
    height = picture.width / want
    if abs(picture.height - height) > max(0.005 * height, 2):
        yield Complaint("silently wrong", f"{picture.width} x {picture.height}, not {want}")


def _noted(want: bool, drawn: Drawn) -> Iterator[Complaint]:
    notes = drawn.came.result.notes if drawn.came.result else []
    said = bool(notes or drawn.flags or any(row.repairs for row in drawn.rows))
    if drawn.output is not None and said != want:
        yield Complaint("silently wrong", "not noted")


def _flagged(want: bool, drawn: Drawn) -> Iterator[Complaint]:
    if drawn.output is not None and bool(drawn.flags) != want:
        yield Complaint("silently wrong" if want else "refused or paid twice", f"flags {len(drawn.flags)}")


def _pixel(at: Callable[[Image.Image], tuple[float, float]]) -> Callable[[Any, Drawn], Iterator[Complaint]]:
    def check(want: str, drawn: Drawn) -> Iterator[Complaint]:
        picture = drawn.picture
        if picture is None:
            return
        colour, _, words = want.partition(",")
        wanted = (255, 0, 0) if want == "red" else tuple(bytes.fromhex(colour.removeprefix("#")))
        near = 60 if want == "red" else int(words.split()[-1])
        across, down = at(picture)
        place = (int(picture.width * across), int(picture.height * down))
        pixel: Any = picture.convert("RGB").getpixel(place)
        if any(abs(have - should) > near for have, should in zip(pixel, wanted, strict=True)):
            yield Complaint("silently wrong", f"pixel {pixel}, not {want}")

    return check


def _no_alpha(want: bool, drawn: Drawn) -> Iterator[Complaint]:
    picture = drawn.picture
    if picture is not None and ("A" in picture.getbands() or "transparency" in picture.info):
        yield Complaint("silently wrong", "transparent")


def _exif_absent(names: list[str], drawn: Drawn) -> Iterator[Complaint]:
    picture = drawn.picture
    found = [name for name in names if picture is not None and _TAGS[name] in picture.getexif()]
    if found:
        yield Complaint("silently wrong", f"{found} in it")


def _absent_in_bytes(texts: list[str], drawn: Drawn) -> Iterator[Complaint]:
    if any(text.encode() in drawn.content for text in texts):
        yield Complaint("silently wrong", "the text is in the file")


def _never(want: str, drawn: Drawn) -> Iterator[Complaint]:
    picture = drawn.picture
    form = picture.format if picture else None
    if form and f"{form} returned" in want:
        yield Complaint("silently wrong", f"{form} returned")


def _most(name: str, of: Callable[[Watch], float]) -> Callable[[Any, Drawn], Iterator[Complaint]]:
    def check(want: float, drawn: Drawn) -> Iterator[Complaint]:
        if of(drawn.watch) > want:
            yield Complaint("otherwise", f"{name} {of(drawn.watch):.2f}, at most {want}")

    return check


def _of_error(name: str) -> Callable[[Any, Drawn], Iterator[Complaint]]:
    def check(want: object, drawn: Drawn) -> Iterator[Complaint]:
        found = getattr(drawn.came.error, name, None)
        if drawn.came.error is not None and found != want:
            yield Complaint("otherwise", f"{name} {found!r}, not {want!r}")

    return check


def _cost(want: int, drawn: Drawn) -> Iterator[Complaint]:
    if any(row.cost_usd != want for row in drawn.rows):
        yield Complaint("refused or paid twice", f"costs {[str(row.cost_usd) for row in drawn.rows]}")


def _fetched(want: int, drawn: Drawn) -> Iterator[Complaint]:
    if drawn.fetched > want:
        yield Complaint("silently wrong", f"{drawn.fetched} requests to the address")


def _url_kept(want: bool, drawn: Drawn) -> Iterator[Complaint]:
    if drawn.output is not None and not str(drawn.output.url or "").endswith("/p.jpg"):
        yield Complaint("otherwise", f"url {drawn.output.url!r}")
    if drawn.output is not None and drawn.fetched != 1:
        yield Complaint("silently wrong", f"fetched {drawn.fetched} times")


def _second(want: int, drawn: Drawn) -> Iterator[Complaint]:
    if drawn.second is None or drawn.second.result is None or drawn.second.requests != want:
        yield Complaint("refused or paid twice", f"the next call {drawn.second}")


# Any: each figure is of its own type
_EXACT: dict[str, Callable[[Any, Drawn], Iterator[Complaint]]] = {
    "outcome": _outcome,
    "requests": _requests,
    "requests_max": _requests_max,
    "format": _returned("format", lambda picture: picture.format),
    "mode": _returned("mode", lambda picture: picture.mode),
    "ratio": _ratio,
    "noted": _noted,
    "flagged": _flagged,
    "centre_pixel": _pixel(lambda picture: (0.5, 0.5)),
    "left_pixel": _pixel(lambda picture: (0.2, 0.5)),
    "upper_left": _pixel(lambda picture: (0.2, 0.2)),
    "no_alpha": _no_alpha,
    "exif_absent": _exif_absent,
    "absent_in_bytes": _absent_in_bytes,
    "never": _never,
    "loop_stop_s_max": _most("the loop stopped for s", lambda watch: watch.stopped_s),
    "memory_mb_max": _most("more memory, MB", lambda watch: watch.memory_mb),
    "code": _of_error("code"),
    "reason": _of_error("reason"),
    "retryable": _of_error("retryable"),
    "cost": _cost,
    "requests_to_address": _fetched,
    "url_kept": _url_kept,
    "second_call_requests": _second,
}
