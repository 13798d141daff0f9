"""The script of one day's video."""

from pydantic_ai import Agent, NativeOutput, RunContext
from pydantic_ai.models import Model

from agents.ask import DATA_RULES, ask, require_publishable
from agents.chain import Chain
from deps.bundle import AgentDeps
from deps.call import Call
from deps.tasks import VideoTask
from models.texts import texts_of
from models.video import VideoScript

INSTRUCTIONS = f"""\
You write the spoken script of a short video for a small business, on the theme in `task.day.theme`.

{DATA_RULES}
- Hook, body and call to action together have about `task.words` words, so that they take `task.duration_s` seconds.
- The hook has at most eight words, no greeting, and is not the theme again. What it opens, the body answers.
- The body can be spoken aloud and filmed with a phone in the business's own place.
- The call to action is one thing to do: `task.day.call_to_action` where there is one.
- Sell only when `task.day.offer` is there, in its own words.
"""

video_agent = Agent(
    name="video",
    deps_type=AgentDeps[VideoTask],
    output_type=NativeOutput(VideoScript),
    instructions=INSTRUCTIONS,
)


@video_agent.output_validator
def check_script(ctx: RunContext[AgentDeps[VideoTask]], script: VideoScript) -> VideoScript:
    """Refuse a script that can't be published."""
    require_publishable(script, ctx.deps, supplied=texts_of(ctx.deps.task.day).values())
    return script


async def write_video_script(deps: AgentDeps[VideoTask], *, call: Call, chain: Chain[Model]) -> VideoScript:
    """Return the video script of a day."""
    return await ask(video_agent, deps, call=call, chain=chain, instructions=INSTRUCTIONS)
