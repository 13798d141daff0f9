"""The post of one day, and the same idea for other networks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic_ai import Agent, NativeOutput, RunContext
from pydantic_ai.models import Model

from agents.ask import DATA_RULES, first_request_bytes
from agents.chain import Chain
from agents.parts import PART_RULES, ask_in_parts, require_parts
from agents.side_by_side import side_by_side
from deps.bundle import AgentDeps
from deps.call import Call
from deps.content import CopyTask, PostTask, VariantTask
from deps.tasks import DayTask
from models.content import MAX_CAPTION, Post, PostCopy, Variant, VariantCopy
from models.finishing import Placement, broken_rules, finish, published
from models.links import tagged
from models.rules.leak import quoted
from models.rules.room import caption_room, max_hashtags
from models.texts import texts_of
from models.vocabulary import Violation

CopyTaskT = TypeVar("CopyTaskT", PostTask, VariantTask)

_COPY_RULES = """\
- The caption has at most `task.caption_characters` letters, there are at most `task.max_hashtags` hashtags, local and
  particular, with none inside the caption.
- Write no link and no label of advertising: both are put in for you.
- Sell only when `task.day.offer` is there, in its own words.
- End with `task.day.call_to_action` where there is one, and with no second one.
- Use each of `business.required_phrases` word for word in the caption.
"""

INSTRUCTIONS = f"""\
You write one social media post for a small business, on the theme in `task.day.theme`.

{DATA_RULES}
- One idea: the theme of the day. Its first line makes a reader stop and makes sense alone, and begins unlike
  `business.past_posts` and `task.openings_nearby`.
- Suit `task.day.content_type` and `task.day.network`. `script` says what is seen and said, shot by shot for a Reel,
  Story or Video, slide by slide for a Carousel, and what the picture shows for a Post or an Image.
{_COPY_RULES}{PART_RULES}"""

VARIANT_INSTRUCTIONS = f"""\
You write the idea of a small business's post, whose caption is `task.idea`, anew for another network.

{DATA_RULES}
- The same idea and the same facts as in `task.idea`, in the manner of `task.day.network`: its length, its readers, its
  way of speaking; no copy of the sentences. The first line makes a reader stop and makes sense alone.
{_COPY_RULES}{PART_RULES}"""

content_agent = Agent(
    name="content",
    deps_type=AgentDeps[PostTask],
    output_type=NativeOutput(PostCopy),
    instructions=INSTRUCTIONS,
)
variant_agent = Agent(
    name="content_variant",
    deps_type=AgentDeps[VariantTask],
    output_type=NativeOutput(VariantCopy),
    instructions=VARIANT_INSTRUCTIONS,
)


@content_agent.output_validator
async def check_post(ctx: RunContext[AgentDeps[PostTask]], copy: PostCopy) -> PostCopy:
    """Refuse a post that can't be published, or the parts of it that can't."""
    require_parts(copy, _broken(copy, ctx.deps))
    return copy


@variant_agent.output_validator
async def check_variant(ctx: RunContext[AgentDeps[VariantTask]], copy: VariantCopy) -> VariantCopy:
    """Refuse a variant that can't be published, or the parts of it that can't."""
    require_parts(copy, _broken(copy, ctx.deps))
    return copy


async def write_post(
    deps: AgentDeps[PostTask], *, call: Call, chain: Chain[Model], variants: Sequence[DayTask] = ()
) -> Post:
    """Return the post of a day; `variants` are the same day as further networks take it, written side by side.

    Raises as `agents.ask.ask` does, also when one variant fails.
    """
    deps = _with_room(deps)
    copy = await ask_in_parts(
        content_agent,
        deps,
        output=PostCopy,
        check=_broken,
        call=call,
        chain=chain,
        instructions=INSTRUCTIONS,
    )

    async def write_variant(deps: AgentDeps[VariantTask]) -> Variant:
        deps = _with_room(deps)
        copy = await ask_in_parts(
            variant_agent,
            deps,
            output=VariantCopy,
            check=_broken,
            call=call,
            chain=chain,
            instructions=VARIANT_INSTRUCTIONS,
        )
        return _published(copy, deps)

    others = await side_by_side(
        [write_variant(other) for other in _variants(deps, variants, idea=copy.caption[:MAX_CAPTION])]
    )
    return Post(**dict(_published(copy, deps)), script=copy.script, variants=others)


def post_requests_bytes(deps: AgentDeps[PostTask], variants: Sequence[DayTask]) -> list[int]:
    """Return bounds on the bytes of each question's first request: the post, and its variants."""
    # an idea as long as it may be, of letters that are escaped
    others = _variants(deps, variants, idea="é" * MAX_CAPTION)
    return [
        first_request_bytes(deps, instructions=INSTRUCTIONS, output=PostCopy),
        *(first_request_bytes(other, instructions=VARIANT_INSTRUCTIONS, output=VariantCopy) for other in others),
    ]


def _variants(deps: AgentDeps[PostTask], days: Sequence[DayTask], *, idea: str) -> list[AgentDeps[VariantTask]]:
    shared = {name: getattr(deps.task, name) for name in CopyTask.model_fields}
    tasks = [VariantTask.model_validate({**shared, "day": day, "idea": idea}) for day in days]
    return [AgentDeps(brief=deps.brief, task=task) for task in tasks]


def _with_room(deps: AgentDeps[CopyTaskT]) -> AgentDeps[CopyTaskT]:
    """Return `deps` with what the network takes said in its task."""
    placement = _placement(deps)
    network, added = placement.network, f"{placement.before(deps.brief.business)}\n{placement.after}"
    room = caption_room(network, placement.content_type, deps.brief.business.language, added=added)
    limits = {"caption_characters": room, "max_hashtags": max_hashtags(network)}
    return replace(deps, task=deps.task.model_copy(update=limits))


def _placement(deps: AgentDeps[CopyTaskT]) -> Placement:
    day, links = deps.task.day, deps.brief.business.links
    link = links[0] if links else None
    if link and deps.task.tag_links:
        link = tagged(link, network=day.network, campaign=deps.brief.campaign.name, day=day.day)
    asks = day.call_to_action is not None or day.offer is not None
    return Placement(network=day.network, content_type=day.content_type, link=link, asks=asks)


def _broken(copy: VariantCopy, deps: AgentDeps[CopyTaskT]) -> list[Violation]:
    """Return all rules that a post breaks as it is published."""
    key = copy.model_dump_json()
    if key not in deps.checked:
        placement = _placement(deps)
        found = broken_rules(
            finish(copy, placement, deps.brief.business),
            placement,
            deps.brief,
            supplied=texts_of(deps.task.day).values(),
        )
        deps.checked[key] = [*found, *quoted(texts_of(copy), INSTRUCTIONS + VARIANT_INSTRUCTIONS)]
    return deps.checked[key]


def _published(copy: VariantCopy, deps: AgentDeps[CopyTaskT]) -> Variant:
    placement = _placement(deps)
    return published(
        finish(copy, placement, deps.brief.business),
        placement,
        deps.brief,
        past_posts=[*deps.task.openings_nearby, *deps.brief.business.past_posts],
        found=_broken(copy, deps),
    )
