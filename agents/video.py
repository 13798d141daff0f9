"""Asks for the script of one day's video."""

from pydantic_ai.models import Model

from agents.ask import ask
from agents.chain import Chain
from agents.parts import PART_RULES
from agents.question import DATA_RULES, WISH_RULES, Question
from deps.bundle import AgentDeps
from deps.call import Call
from deps.video import VideoTask
from models.filming import Take, broken_rules, filmable
from models.texts import texts_of
from models.video import VideoCopy, VideoScript
from models.vocabulary import Violation

INSTRUCTIONS = f"""\
You write the spoken script of a short video for a small business, on the theme in `task.day.theme`.

{DATA_RULES}
{WISH_RULES}\
- Hook, body and call to action together have about `task.length` words or characters, as `task.length_unit` says, so
  that they take `task.duration_s` seconds to speak.
- The hook has at most `task.hook_length` of them, no greeting, and is not the theme again. What it opens, the body
  answers.
- The body can be spoken aloud, without stage directions.
- The call to action is one thing to do: `task.day.call_to_action` where there is one.
- `shots` says what is seen, in order, and goes with the words. Somebody with a phone can film each shot in the
  business's own place: no drone, no effects, no actors.
- Sell only when `task.day.offer` is there, in its own words.
- Write no label of advertising: it is put in for you.
{PART_RULES}"""

VIDEO_QUESTION = Question[VideoTask, VideoCopy](
    name="video",
    output=VideoCopy,
    instructions=INSTRUCTIONS,
    rules=lambda copy, deps: _rules(copy, deps),
    in_parts=True,
)


async def write_video_script(deps: AgentDeps[VideoTask], *, call: Call, chain: Chain[Model]) -> VideoScript:
    """Return the video script of a day. Raises as `agents.ask.ask` does."""
    copy = await ask(VIDEO_QUESTION, deps, call=call, chain=chain)
    return filmable(copy, _take(deps), deps.brief, found=VIDEO_QUESTION.broken(copy, deps))


def _rules(copy: VideoCopy, deps: AgentDeps[VideoTask]) -> list[Violation]:
    return broken_rules(copy, _take(deps), deps.brief, supplied=texts_of(deps.task.day).values())


def _take(deps: AgentDeps[VideoTask]) -> Take:
    task = deps.task
    return Take(language=task.language, duration_s=task.duration_s, theme=task.day.theme)
