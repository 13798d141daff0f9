"""Asks for the post of one day, and for its variants on other networks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic_ai.models import Model

from agents.ask import ask
from agents.chain import Chain
from agents.lost_parts import missing_part
from agents.parts import PART_RULES
from agents.question import DATA_RULES, WISH_RULES, Question
from agents.side_by_side import side_by_side
from deps.bundle import AgentDeps
from deps.call import Call
from deps.content import CopyTask, PostTask, VariantTask
from deps.tasks import DayTask
from models.content import MAX_CAPTION, Post, PostCopy, Variant, VariantCopy
from models.finishing import TOO_LONG, Placement, broken_rules, finish, published
from models.links import tagged
from models.rules.composing import joined
from models.rules.room import caption_room, length_rules, letters_over, max_hashtags
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
{WISH_RULES}\
- One idea: the theme of the day. Its first line makes a reader stop and makes sense alone, and begins unlike
  `business.past_posts` and `task.openings_nearby`.
- Suit `task.day.content_type` and `task.day.network`. `script` says what is seen and said, shot by shot for a Reel,
  Story or Video, slide by slide for a Carousel, and what the picture shows for a Post or an Image.
{_COPY_RULES}{PART_RULES}"""

VARIANT_INSTRUCTIONS = f"""\
You write the idea of a small business's post, whose caption is `task.idea`, anew for another network.

{DATA_RULES}
{WISH_RULES}\
- The same idea and the same facts as in `task.idea`, in the manner of `task.day.network`: its length, its readers, its
  way of speaking; no copy of the sentences. The first line makes a reader stop and makes sense alone.
{_COPY_RULES}{PART_RULES}"""

POST_QUESTION = Question[PostTask, PostCopy](
    name="content",
    output=PostCopy,
    instructions=INSTRUCTIONS,
    rules=lambda copy, deps: _rules(copy, deps),
    in_parts=True,
)
VARIANT_QUESTION = Question[VariantTask, VariantCopy](
    name="content_variant",
    output=VariantCopy,
    instructions=VARIANT_INSTRUCTIONS,
    rules=lambda copy, deps: _rules(copy, deps),
    in_parts=True,
)


async def write_post(
    deps: AgentDeps[PostTask], *, call: Call, chain: Chain[Model], variants: Sequence[DayTask] = ()
) -> Post:
    """Return the post of a day; `variants` are the same day as further networks take it, written side by side.

    A variant that can't be had is named in `missing`. Raises as `agents.ask.ask` does where the post can't be had.
    """
    deps = _with_room(deps)
    copy = await ask(POST_QUESTION, deps, call=call, chain=chain)
    post = _published(copy, deps, found=POST_QUESTION.broken(copy, deps))
    part_call = call.for_part()

    async def write_variant(deps: AgentDeps[VariantTask]) -> Variant:
        deps = _with_room(deps)
        copy = await ask(VARIANT_QUESTION, deps, call=part_call, chain=chain)
        return _published(copy, deps, found=VARIANT_QUESTION.broken(copy, deps))

    others = _variants(deps, variants, idea=copy.caption[:MAX_CAPTION])
    written = await side_by_side([write_variant(other) for other in others])
    return Post(
        **dict(post),
        script=copy.script,
        variants=[variant for variant in written if isinstance(variant, Variant)],
        missing=[
            missing_part(f"variants.{day.network}", lost, part_call)
            for day, lost in zip(variants, written, strict=True)
            if not isinstance(lost, Variant)
        ],
    )


def _variants(deps: AgentDeps[PostTask], days: Sequence[DayTask], *, idea: str) -> list[AgentDeps[VariantTask]]:
    shared = {name: getattr(deps.task, name) for name in CopyTask.model_fields}
    tasks = [VariantTask.model_validate({**shared, "day": day, "idea": idea}) for day in days]
    return [AgentDeps(brief=deps.brief, task=task) for task in tasks]


def _with_room(deps: AgentDeps[CopyTaskT]) -> AgentDeps[CopyTaskT]:
    """Return `deps` with the network's limits set in the task: caption length and number of hashtags."""
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


def _rules(copy: VariantCopy, deps: AgentDeps[CopyTaskT]) -> list[Violation]:
    """Return all rules that a post breaks as it is published, those of its length in the model's own numbers."""
    placement, business = _placement(deps), deps.brief.business
    finished = finish(copy, placement, business)
    found = broken_rules(finished, placement, deps.brief, supplied=texts_of(deps.task.day).values())
    text = joined(finished.caption, finished.hashtags, placement.network)
    over = letters_over(text, placement.network, placement.content_type, business.language)
    too_long = {TOO_LONG, *(rule.id for rule in length_rules(placement.network, placement.content_type))}
    return [
        violation.model_copy(update={"message": _own_length(copy, deps.task, over)})
        if over and violation.rule_id in too_long
        else violation
        for violation in found
    ]


def _own_length(copy: VariantCopy, task: CopyTask, over: int) -> str:
    """Return how long the model's own caption may be: what code adds to it the model does not see."""
    own, limit = len(copy.caption), task.caption_characters
    said = f"`task.caption_characters` is {limit}" if own > limit else "too many beside its hashtags"
    return f"{own} characters, {said}: write at most {max(1, min(limit, own - over))}"


def _published(copy: VariantCopy, deps: AgentDeps[CopyTaskT], *, found: list[Violation]) -> Variant:
    placement, business = _placement(deps), deps.brief.business
    past_posts = [*deps.task.openings_nearby, *business.past_posts]
    finished = finish(copy, placement, business)
    return published(finished, placement, deps.brief, past_posts=past_posts, found=found)
