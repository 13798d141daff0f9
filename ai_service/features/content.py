"""The post of a day, and its variants for further networks."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from pydantic import Field, field_validator

from ai_service.contexts import load_day, refuse_clashes
from ai_service.days import UPRIGHT
from ai_service.default import on_default
from ai_service.drafts import openings_nearby
from ai_service.errors import InvalidRequest, Problem
from ai_service.ids import Id
from ai_service.recipe import Assignment, Generating, Recipe, Revised, Revision
from ai_service.requests import DayRequest
from ai_service.result import AIResult
from ai_service.runtime import Runtime
from deps.bundle import AgentDeps
from deps.call import Call
from deps.content import PostTask
from deps.tasks import DayTask
from models.content import Post, PostCopy, Published, Variant, VariantCopy
from models.content_states import flags_of
from models.vocabulary import FORMATS, ContentType, Feature, Network

__all__ = ("Post", "Variant", "generate_content")


class ContentRequest(DayRequest):
    """Arguments of `generate_content`."""

    content_type: ContentType | None = None
    """The format; None for the planned one."""
    networks: list[Network] = Field(default_factory=list[Network], max_length=len(Network))
    """The post is written for the first network, and a variant for each further one; empty for the planned network."""
    tag_links: bool = False
    """Whether links that code adds carry UTM parameters."""

    @field_validator("networks")
    @classmethod
    def _check_networks(cls, networks: list[Network]) -> list[Network]:
        if len(set(networks)) < len(networks):
            raise ValueError("a network is repeated: name each once")
        return networks


class _Copies(NamedTuple):
    post: PostTask
    variants: list[DayTask]
    """The same day as further networks take it."""


async def _prepare(runtime: Runtime, request: ContentRequest) -> Assignment[_Copies]:
    day = await load_day(runtime, request, request.content_type)
    refuse_clashes(day.brief.business)
    first, *others = [_for_network(day.task, network) for network in request.networks] or [day.task]
    post = PostTask(
        language=day.brief.business.language,
        instruction=request.instruction,
        day=first,
        tag_links=request.tag_links,
        openings_nearby=await openings_nearby(runtime, request.business_id, request.campaign_id, request.day),
    )
    return Assignment(brief=day.brief, task=_Copies(post, others), day=first, notes=day.notes)


async def _write(assignment: Assignment[_Copies], call: Call, runtime: Runtime) -> Post:
    from agents.content import write_post

    post, variants = assignment.task
    deps = AgentDeps(brief=assignment.brief, task=post)
    async with runtime.models.text(call) as chain:
        return await write_post(deps, call=call, chain=chain, variants=variants)


def _revise(revision: Revision[Post]) -> Revised[Post]:
    generated, edited = revision.generated, revision.edited
    if [variant.network for variant in edited.variants] != [variant.network for variant in generated.variants]:
        problem = "are not those of the networks that it was generated for"
        raise InvalidRequest([Problem("output.variants", problem, "keep one for each, in their order")])
    copy = PostCopy(caption=edited.caption, hashtags=edited.hashtags, script=edited.script)
    others = [
        _checked(VariantCopy(caption=other.caption, hashtags=other.hashtags), placed, revision)
        for other, placed in zip(edited.variants, generated.variants, strict=True)
    ]
    post = Post(**dict(_checked(copy, generated, revision)), script=copy.script, variants=others)
    return Revised(post, flags_of(post))


def _checked(copy: VariantCopy, placed: Published, revision: Revision[Post]) -> Variant:
    """Return a person's text for one network with all its flags; nothing is added to it or taken from it."""
    from models.finishing import Placement, broken_rules, published  # imports the word lists

    day, brief = revision.day, revision.brief
    placement = Placement(
        network=placed.network,
        content_type=placed.content_type,
        link=placed.link,
        asks=day is not None and (day.call_to_action is not None or day.offer is not None),
    )
    found = broken_rules(copy, placement, brief, supplied=revision.supplied)
    past_posts = [*revision.openings_nearby, *brief.business.past_posts]
    finished = published(copy, placement, brief, past_posts=past_posts, found=found)
    return finished.model_copy(update={"flags": found})


RECIPE = Recipe(
    feature=Feature.CONTENT,
    request=ContentRequest,
    output=Post,
    prepare=_prepare,
    write=_write,
    revise=_revise,
)


class Posts(Generating):
    """The content feature of `AIService`."""

    async def generate_content(
        self,
        business_id: Id,
        campaign_id: Id,
        day: int,
        content_type: ContentType | str | None = None,
        *,
        networks: Iterable[Network | str] | None = None,
        tag_links: bool = False,
        instruction: str | None = None,
        user_id: str | None = None,
        idempotency_key: str | None = None,
        spend_at_most_usd: Decimal | None = None,
    ) -> AIResult[Post]:
        """Return the post for the theme that the stored calendar has on `day`, from 1.

        Another `content_type` than planned wins and is noted. With `networks` the post is written for the first of
        them and has a variant for each other one, all of one idea. `tag_links` puts UTM parameters on the links that
        are put in. `instruction` is a wish, e.g. "shorter, no emoji", followed where the rules allow it. Raises
        NotFound where there is no calendar yet.
        """
        return await self._generate(
            RECIPE,
            business_id=business_id,
            campaign_id=campaign_id,
            day=day,
            content_type=content_type,
            networks=networks,
            tag_links=tag_links,
            instruction=instruction,
            user_id=user_id,
            idempotency_key=idempotency_key,
            spend_at_most_usd=spend_at_most_usd,
        )


generate_content = on_default(Posts.generate_content)


def _for_network(day: DayTask, network: Network) -> DayTask:
    """Return a day as another network takes it: in its format, or in the one nearest to it there."""
    formats = FORMATS[network]
    moving = [content_type for content_type in formats if content_type in UPRIGHT]
    nearest = moving if day.content_type in UPRIGHT and moving else [*formats]
    content_type = day.content_type if day.content_type in formats else nearest[0]
    return day.model_copy(update={"network": network, "content_type": content_type})
