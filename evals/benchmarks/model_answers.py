"""The answers of the provider's language model: posts, corrupted posts, and the parts of a calendar."""

import json

from pydantic import JsonValue

from evals.benchmarks.plan import MARK, Fault

_CAPTION = (
    "The oven has been on since four, and the first trays are cooling on the rack by the window. "
    "Come by before work: the crust still crackles, the coffee is ready, and there is a seat for the children "
    "at the long table while you choose. We bake with flour from the mill next door and take our time over it, "
    "since good dough will not be hurried. Tell us which loaf you would take home for breakfast."
)
_SCRIPT = (
    "Shot 1: the oven door opens and steam rolls over the camera. Shot 2: two hands turn a loaf and knock on its base; "
    "we hear how hollow it sounds. Shot 3: flour falls slowly through the morning light. Shot 4: a child points at "
    "the biggest loaf, the baker laughs and wraps it. Shot 5: the door of the shop swings open, the street is still "
    "blue and quiet."
)
TAGS = ["#breadoftheday", "#neighbourhoodbakery", "#slowdough"]
_WORDS = (
    "aurora bison cactus delta ember falcon garnet hazel igloo jasper kettle lemon mango nectar olive pepper quartz "
    "raven saffron tulip umber violet walnut xylem yarrow zephyr acorn birch cedar daisy"
).split()


def caption_of(call: int | None) -> str:
    """Return the caption of a call's post; it ends with the call's number, so that answers cannot be mixed up."""
    return _CAPTION if call is None else f"{_CAPTION} {MARK}{call}"


def post(call: int | None) -> dict[str, JsonValue]:
    """Return a valid post."""
    return {"caption": caption_of(call), "hashtags": list[JsonValue](TAGS), "script": _SCRIPT}


def text_of(call: int | None, fault: Fault | None) -> str:
    """Return the model's answer for a call: the post, or the post corrupted by `fault`."""
    whole = json.dumps(post(call))
    match fault:
        case Fault.TRUNCATED:
            return whole[: len(whole) * 2 // 3]
        case Fault.FENCED:
            return f"Here is the post you asked for:\n\n```json\n{whole}\n```\n\nTell me if you want it shorter."
        case Fault.LOOSE:
            tags = ", ".join(f"'{tag}'" for tag in TAGS)
            return f"{{'caption': '{caption_of(call)}', 'hashtags': [{tags},], 'script': '{_SCRIPT}',}}"
        case Fault.WRONG:
            return json.dumps({"caption": caption_of(call), "hashtags": ["bread of the day"]})
        case Fault.EMPTY:
            return ""
        case _:
            return whole


def calendar_part(task: dict[str, JsonValue]) -> str:
    """Return the answer to a question of the strategy feature: pillars, or the themes of the requested days."""
    if task["kind"] == "pillars":
        return json.dumps({"pillars": [{"name": f"Subject {i}", "description": "What we do"} for i in range(4)]})
    days = [day["day"] for day in _objects(task["days"])]
    return json.dumps({"days": [{"day": day, "theme": _theme(day)} for day in days if isinstance(day, int)]})


def _theme(day: int) -> str:
    return f"{_WORDS[day - 1]} {_WORDS[-day][::-1]} mornings"


def _objects(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
