"""The post of one day."""

from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext
from pydantic_ai.models import Model

from agents.ask import DATA_RULES, ask, require_publishable
from agents.chain import Chain
from deps.bundle import AgentDeps
from deps.call import Call
from deps.tasks import PostTask
from models.content import Post
from models.texts import texts_of

INSTRUCTIONS = f"""\
You write one social media post for a small business, on the theme in `task.day.theme`.

{DATA_RULES}
- One idea: the theme of the day. Its first line makes a reader stop and makes sense alone.
- Suit `task.day.content_type` and `task.day.network`. `script` says what is seen and said, shot by shot for a Reel,
  Story or Video, slide by slide for a Carousel, and what the picture shows for a Post or an Image.
- Sell only when `task.day.offer` is there, in its own words.
- End with `task.day.call_to_action` where there is one, and with no second one.
- Use each of `business.required_phrases` word for word in the caption. Where `business.material_connection` is
  there, the caption begins with the usual disclosure of advertising in its language.
- Hashtags are local and particular, with none inside the caption.
"""

content_agent = Agent(
    name="content",
    deps_type=AgentDeps[PostTask],
    output_type=NativeOutput(Post),
    instructions=INSTRUCTIONS,
)


@content_agent.output_validator
def check_post(ctx: RunContext[AgentDeps[PostTask]], post: Post) -> Post:
    """Refuse a post that can't be published."""
    require_publishable(post, ctx.deps, supplied=texts_of(ctx.deps.task.day).values())
    tags = [tag.casefold() for tag in post.hashtags]
    if len(set(tags)) < len(tags):
        raise ModelRetry("hashtags: one stands there twice, use each once")
    for index, phrase in enumerate(ctx.deps.business.required_phrases):
        if phrase not in post.caption:
            # by its place: the brief's words may stand as data alone
            raise ModelRetry(f"caption: business.required_phrases.{index} is missing, add it word for word")
    return post


async def write_post(deps: AgentDeps[PostTask], *, call: Call, chain: Chain[Model]) -> Post:
    """Return the post of a day."""
    return await ask(content_agent, deps, call=call, chain=chain, instructions=INSTRUCTIONS)
