"""For each publishing rule, a post exactly at the limit, and one that exceeds it by one."""

from typing import Any

from models.rules.publishable import Media, Publishable, Template
from models.vocabulary import ContentType


# Any: the fields of Publishable, Media and Template, which they check themselves.
def post(**fields: Any) -> Publishable:
    return Publishable(**fields)


def image(**fields: Any) -> Publishable:
    return pictures(1, **fields)


def pictures(number: int, *, content_type: ContentType | None = None, **fields: Any) -> Publishable:
    return Publishable(content_type=content_type, media=[Media(kind="image", **fields)] * number)


def video(*, content_type: ContentType | None = None, copyright_claimed: bool = False, **fields: Any) -> Publishable:
    media = [Media(kind="video", **fields)]
    return Publishable(content_type=content_type, media=media, copyright_claimed=copyright_claimed)


def media(*kinds: str) -> Publishable:
    return Publishable(media=[Media(kind=kind) for kind in kinds])  # pyright: ignore[reportArgumentType]


def template(**fields: Any) -> Publishable:
    return Publishable(template=Template(**fields))


REEL, STORY, CAROUSEL, POST = ContentType.REEL, ContentType.STORY, ContentType.CAROUSEL, ContentType.POST
TAGS = [f"#tag{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]

CASES: dict[str, tuple[Publishable, Publishable]] = {
    "x.text": (post(caption="x" * 280), post(caption="x" * 281)),
    "x.invalid": (post(caption="fresh bread"), post(caption="fresh\ufeff bread")),
    "x.photos": (pictures(4), pictures(5)),
    "x.gifs": (media("gif"), media("gif", "gif")),
    "x.videos": (media("video"), media("video", "video")),
    "x.mixed": (media("image", "image"), media("image", "video")),
    "x.image.type": (image(mime_type="image/webp"), image(mime_type="image/tiff")),
    "x.image.size": (image(size_bytes=5_000_000), image(size_bytes=5_000_001)),
    "x.cashtags": (post(caption="$ABC"), post(caption="$ABC and $DEF")),
    "x.alt": (post(alt_text="x" * 1000), post(alt_text="x" * 1001)),
    "x.ai": (post(ai_generated=True, ai_labelled=True), post(ai_generated=True)),
    "x.paid": (post(sponsored=True, sponsorship_labelled=True), post(sponsored=True)),
    "x.link": (post(caption="no link"), post(caption="see levain.com")),
    "x.tags": (post(hashtags=TAGS[:2]), post(hashtags=TAGS[:3])),
    "ig.caption": (post(caption="x" * 2200), post(caption="x" * 2201)),
    "ig.mentions": (post(caption=" @a1" * 20), post(caption=" @a1" * 21)),
    "ig.tags": (post(hashtags=TAGS[:5]), post(hashtags=TAGS[:6])),
    "ig.link": (post(caption="the link is in our profile"), post(caption="https://levain.example")),
    "ig.image.type": (image(mime_type="image/jpeg"), image(mime_type="image/png")),
    "ig.image.size": (image(size_bytes=8_000_000), image(size_bytes=8_000_001)),
    "ig.image.ratio": (
        image(content_type=POST, width=1080, height=1350),
        image(content_type=POST, width=1080, height=1370),
    ),
    "ig.image.width": (image(width=1440), image(width=1441)),
    "ig.carousel": (pictures(10, content_type=CAROUSEL), pictures(11, content_type=CAROUSEL)),
    "ig.carousel.ratio": (
        pictures(2, content_type=CAROUSEL, width=4, height=5),
        Publishable(
            content_type=CAROUSEL,
            media=[Media(kind="image", width=4, height=5), Media(kind="image", width=5, height=5)],
        ),
    ),
    "ig.reel.length": (video(content_type=REEL, duration_s=900), video(content_type=REEL, duration_s=901)),
    "ig.reel.reach": (video(content_type=REEL, duration_s=180), video(content_type=REEL, duration_s=181)),
    "ig.reel.type": (video(mime_type="video/mp4"), video(mime_type="video/webm")),
    "ig.reel.frames": (video(content_type=REEL, frames_per_s=60), video(content_type=REEL, frames_per_s=61)),
    "ig.reel.width": (video(content_type=REEL, width=540), video(content_type=REEL, width=539)),
    "ig.reel.height": (video(content_type=REEL, height=960), video(content_type=REEL, height=959)),
    "ig.reel.ratio": (
        video(content_type=REEL, width=1080, height=1920),
        video(content_type=REEL, width=1080, height=1350),
    ),
    "ig.reel.mark": (video(content_type=REEL, has_mark=False), video(content_type=REEL, has_mark=True)),
    "ig.story.length": (video(content_type=STORY, duration_s=60), video(content_type=STORY, duration_s=61)),
    "ig.alt": (post(alt_text="x" * 1000), post(alt_text="x" * 1001)),
    "ig.alt.place": (post(content_type=POST, alt_text="bread"), post(content_type=REEL, alt_text="bread")),
    "ig.quota": (post(posts_in_24_h=99), post(posts_in_24_h=100)),
    "fb.text": (post(caption="x" * 63206), post(caption="x" * 63207)),
    "fb.empty": (post(link="https://levain.example"), post()),
    "fb.image.type": (image(mime_type="image/bmp"), image(mime_type="image/webp")),
    "fb.image.size": (image(size_bytes=10_000_000), image(size_bytes=10_000_001)),
    "fb.bait": (post(caption="Which one would you choose?"), post(caption="Tag a friend who loves brioche")),
    "fb.shouting": (
        post(caption="New bread today!!", link="https://levain.example"),
        post(caption="New bread today!!!", link="https://levain.example"),
    ),
    "fb.reel.size": (video(width=1080, height=1920), video(width=1079, height=1920)),
    "fb.reel.frames": (video(frames_per_s=24), video(frames_per_s=23)),
    "tt.video": (post(caption="x" * 2200), post(caption="x" * 2201)),
    "tt.photo.title": (post(content_type=CAROUSEL, title="x" * 90), post(content_type=CAROUSEL, title="x" * 91)),
    "tt.photo.text": (post(content_type=CAROUSEL, caption="x" * 4000), post(content_type=CAROUSEL, caption="x" * 4001)),
    "tt.photo.count": (pictures(35), pictures(36)),
    "tt.photo.type": (image(mime_type="image/webp"), image(mime_type="image/png")),
    "tt.photo.size": (image(size_bytes=20_000_000), image(size_bytes=20_000_001)),
    "tt.photo.pixels": (image(width=1080, height=1920), image(width=1081, height=1920)),
    "tt.tags": (post(hashtags=TAGS[:5]), post(hashtags=TAGS[:6])),
    "tt.shortest": (video(duration_s=3), video(duration_s=2)),
    "tt.longest": (video(duration_s=600), video(duration_s=601)),
    "tt.ai": (post(ai_generated=True, ai_labelled=True), post(ai_generated=True)),
    "tt.mark": (video(has_mark=False), video(has_mark=True)),
    "yt.title": (post(title="x" * 100), post(title="x" * 101)),
    "yt.title.angle": (post(title="Bread"), post(title="Bread <3")),
    "yt.desc": (post(description="é" * 2500), post(description="é" * 2500 + "x")),
    "yt.desc.angle": (post(description="Bread"), post(description="Flour -> bread")),
    "yt.keywords": (post(keywords=["x" * 248, "a " + "x" * 247]), post(keywords=["x" * 249, "a " + "x" * 247])),
    "yt.tags": (post(caption=" #abc" * 60), post(caption=" #abc" * 61)),
    "yt.short.ratio": (
        video(content_type=REEL, width=1080, height=1080),
        video(content_type=REEL, width=1100, height=1080),
    ),
    "yt.short.length": (video(content_type=REEL, duration_s=180), video(content_type=REEL, duration_s=181)),
    "yt.short.claim": (
        video(content_type=REEL, duration_s=60, copyright_claimed=True),
        video(content_type=REEL, duration_s=61, copyright_claimed=True),
    ),
    "li.text": (post(caption="x" * 3000), post(caption="x" * 3001)),
    "li.image.pixels": (image(width=36_152_319, height=1), image(width=36_152_320, height=1)),
    "li.image.type": (image(mime_type="image/gif"), image(mime_type="image/webp")),
    "li.alt": (post(alt_text="x" * 4086), post(alt_text="x" * 4087)),
    "li.alt.short": (post(alt_text="x" * 119), post(alt_text="x" * 120)),
    "li.carousel": (pictures(20, content_type=CAROUSEL), pictures(21, content_type=CAROUSEL)),
    "li.video": (video(duration_s=1800), video(duration_s=1801)),
    "th.text": (post(caption="x" * 496 + "🥐"), post(caption="x" * 497 + "🥐")),
    "th.links": (
        post(caption=" ".join(f"https://levain.example/{n % 5}" for n in range(9))),
        post(caption=" ".join(f"https://levain.example/{n}" for n in range(6))),
    ),
    "th.tag": (post(hashtags=TAGS[:1]), post(hashtags=TAGS[:2])),
    "th.tag.length": (post(topic_tag="x" * 50), post(topic_tag="x" * 51)),
    "th.tag.characters": (post(topic_tag="Bread and butter"), post(topic_tag="Bread & butter")),
    "th.carousel": (pictures(2, content_type=CAROUSEL), pictures(1, content_type=CAROUSEL)),
    "th.image.type": (image(mime_type="image/png"), image(mime_type="image/webp")),
    "th.image.size": (image(size_bytes=8_000_000), image(size_bytes=8_000_001)),
    "th.image.width": (image(width=320), image(width=319)),
    "th.image.ratio": (image(width=1000, height=100), image(width=1000, height=99)),
    "th.video": (video(duration_s=300), video(duration_s=301)),
    "pin.title": (post(title="x" * 100), post(title="x" * 101)),
    "pin.title.shown": (post(title="x" * 40), post(title="x" * 41)),
    "pin.text": (post(caption="x" * 800), post(caption="x" * 801)),
    "pin.alt": (post(alt_text="x" * 500), post(alt_text="x" * 501)),
    "pin.link": (post(link="x" * 2048), post(link="x" * 2049)),
    "pin.ratio": (image(width=1000, height=1500), image(width=1000, height=1480)),
    "pin.carousel": (pictures(5, content_type=CAROUSEL), pictures(6, content_type=CAROUSEL)),
    "pin.cover": (
        Publishable(media=[Media(kind="video")], has_cover=True),
        Publishable(media=[Media(kind="video")], has_cover=False),
    ),
    "gbp.text": (post(caption="x" * 1500), post(caption="x" * 1501)),
    "gbp.phone": (post(caption="Open 10.30-18.30 until 24.12.2026"), post(caption="Call 04 78 39 98 47")),
    "gbp.event": (post(event_title="x" * 58), post(event_title="x" * 59)),
    "gbp.code": (post(coupon_code="X" * 58), post(coupon_code="X" * 59)),
    "gbp.button": (post(button="BOOK"), post(button="BUY")),
    "gbp.images": (pictures(1), pictures(2)),
    "gbp.video": (pictures(1), media("video")),
    "gbp.image.type": (image(mime_type="image/png"), image(mime_type="image/gif")),
    "gbp.image.size": (image(size_bytes=10_000), image(size_bytes=9_999)),
    "gbp.image.least": (image(width=250, height=250), image(width=250, height=249)),
    "gbp.image.width": (image(width=400), image(width=399)),
    "gbp.image.height": (image(height=300), image(height=299)),
    "gbp.image.ratio": (image(width=1200, height=900), image(width=1220, height=900)),
    "wa.window": (post(hours_since_customer=24), post(hours_since_customer=24.1)),
    "wa.tpl.body": (template(body="x" * 1024), template(body="x" * 1025)),
    "wa.tpl.header": (template(header="x" * 60), template(header="x" * 61)),
    "wa.tpl.header.variables": (template(header="Hi {{1}}"), template(header="Hi {{1}} {{2}}")),
    "wa.tpl.header.plain": (template(header="Your order"), template(header="Your *order*")),
    "wa.tpl.footer": (template(footer="x" * 60), template(footer="x" * 61)),
    "wa.tpl.buttons": (template(buttons=["Yes"] * 10), template(buttons=["Yes"] * 11)),
    "wa.tpl.label": (template(buttons=["x" * 25]), template(buttons=["x" * 26])),
    "wa.tpl.examples": (
        template(body="Hi {{1}}, table {{2}} is yours.", examples=["Ada", "4"]),
        template(body="Hi {{1}}, table {{2}} is yours.", examples=["Ada"]),
    ),
    "wa.tpl.ends": (template(body="Hi {{1}}!"), template(body="Hi {{1}}")),
    "wa.cat": (template(category="UTILITY"), template(category="NEWS")),
    "wa.cat.utility": (
        template(category="UTILITY", body="Your parcel leaves today."),
        template(category="UTILITY", body="Your parcel leaves today. Special offer inside."),
    ),
    "wa.cat.lines": (
        template(category="MARKETING", body="a\nb\nc\nd\ne"),
        template(category="MARKETING", body="a\nb\nc\nd\ne\nf"),
    ),
}
