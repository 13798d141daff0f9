"""Each evaluator of posts, scripts and pictures, on a sound one and on one with a single flaw."""

from base64 import b64encode
from typing import NamedTuple

import pytest

from evals import content, day_evaluators, image, video
from evals.cases import DayWork
from evals.content import ContentCase, PostEvaluator
from evals.image import ImageCase, PictureEvaluator
from evals.video import ScriptEvaluator, VideoCase
from models.image import AspectRatio, GeneratedImage
from models.strategy import CalendarDay
from models.vocabulary import ContentType, Network
from tests.evals_parts import DAY, MARKET, POST, SCRIPT, SLUG, changed, image_output, passed, picture

THAMES, GARDEN = "thames-mortgages", "gruenwerk-garten"
WARNING = "Your home may be repossessed if you do not keep up repayments on your mortgage."
FRENCH = "Nous vous attendons avec le sourire dans la maison, pour le jour et pour la nuit."
QUIET_DAY = DAY.model_copy(update={"is_promo": False, "offer": None, "call_to_action": None})
GOOGLE = Network.GOOGLE_BUSINESS


class PostFlaw(NamedTuple):
    evaluator: PostEvaluator
    flaw: str
    changes: dict[str, object]
    day: CalendarDay = DAY
    business: str = SLUG


POST_FLAWS = [
    PostFlaw(content.Caption(), "too short", {"caption": "Come to us."}),
    PostFlaw(content.Caption(), "too long there", {"caption": "A longer line of words. " * 62, "network": GOOGLE}),
    PostFlaw(content.Caption(), "says it twice", {"caption": f"{POST.caption}\nFirst a talk, at first. " * 2}),
    PostFlaw(content.Hashtags(), "a number", {"hashtags": ["#2026"]}),
    PostFlaw(content.Hashtags(), "twice", {"hashtags": ["#Austin", "#austin"]}),
    PostFlaw(content.Hashtags(), "in the caption", {"caption": f"{POST.caption} #Austin"}),
    PostFlaw(content.Hashtags(), "a banned word", {"hashtags": ["#PainFree"]}),
    PostFlaw(content.CallToAction(), "missing", {"caption": "Nothing is asked of anybody in these lines of text."}),
    PostFlaw(content.CallToAction(), "twice", {"caption": f"{POST.caption} {DAY.call_to_action}"}),
    PostFlaw(content.RequiredPhrases(), "missing", {}, business=THAMES),
    PostFlaw(content.RequiredPhrases(), "reworded", {"caption": WARNING.replace("may", "might")}, business=THAMES),
    PostFlaw(content.Disclosure(), "missing", {}, business=GARDEN),
    PostFlaw(content.Disclosure(), "at the end", {"caption": f"{POST.caption}\nAnzeige"}, business=GARDEN),
    PostFlaw(content.NoCliches(), "a cliché", {"caption": f"Unlock your smile. {POST.caption}"}),
    PostFlaw(
        day_evaluators.OnTheme(),
        "something else",
        {"caption": "Our new lamp hangs by the window.", "script": "A lamp."},
    ),
    PostFlaw(day_evaluators.Grounded(), "another price", {"caption": POST.caption.replace("199", "99")}),
    PostFlaw(day_evaluators.Grounded(), "a price on a day that sells nothing", {}, QUIET_DAY),
    PostFlaw(day_evaluators.Grounded(), "a link", {"script": "Go to https://smiles.example"}),
    PostFlaw(day_evaluators.Language(), "French", {"caption": FRENCH}),
]

SCRIPT_FLAWS: list[tuple[ScriptEvaluator, str, dict[str, object]]] = [
    (video.Length(), "half as long", {"body": SCRIPT.body[: len(SCRIPT.body) // 2]}),
    (video.Length(), "twice as long", {"body": SCRIPT.body * 2}),
    (video.Length(), "not as long as it says", {"seconds": {**SCRIPT.seconds.model_dump(), "total": 35}}),
    (video.Hook(), "nine words", {"hook": "Ninety minutes, and where do they go to then?"}),
    (video.Hook(), "a greeting", {"hook": "Hi there, ninety minutes?"}),
    (video.Hook(), "the theme", {"hook": "In-office whitening: what those ninety minutes are of"}),
    (video.CallToAction(), "two sentences", {"cta": "Book your visit. Visit our website."}),
    (video.CallToAction(), "said before", {"body": f"{SCRIPT.body} {SCRIPT.cta}"}),
    (video.CallToAction(), "another one", {"cta": "Call us."}),
    (video.Distinct(), "a sentence again", {"body": f"{SCRIPT.body} {SCRIPT.hook}"}),
    (video.Distinct(), "a sentence and more", {"body": f"Ninety minutes and where do they go, you ask? {SCRIPT.body}"}),
    (video.Shots(), "a drone", {"shots": ["The chair.", "A drone shot of the roof."]}),
    (video.Shots(), "one shot twice", {"shots": ["The chair by the window.", "The chair by a window."]}),
    (video.Speakable(), "a stage direction", {"body": f"[Camera pans] {SCRIPT.body}"}),
    (video.Speakable(), "a list", {"body": f"{SCRIPT.body}\n- one\n- two"}),
    (day_evaluators.OnTheme(), "something else", {"hook": "A lamp?", "body": "Our lamp hangs by the window."}),
    (day_evaluators.Grounded(), "a discount", {"body": f"{SCRIPT.body} Now 20% off."}),
    (
        day_evaluators.Language(),
        "German",
        {"body": "Die Zähne und das Zahnfleisch sind für uns wie der Boden im Garten. " * 2},
    ),
]

PICTURE = image_output(picture())
STORY_DAY = DAY.model_copy(update={"content_type": ContentType.STORY})


class PictureFlaw(NamedTuple):
    evaluator: PictureEvaluator
    flaw: str
    output: GeneratedImage
    asked: AspectRatio | None = None
    day: CalendarDay = DAY


PICTURE_FLAWS = [
    PictureFlaw(image.Decodes(), "no picture", changed(PICTURE, base64=b64encode(b"no picture").decode())),
    PictureFlaw(image.Decodes(), "no base64", changed(PICTURE, base64="%%%")),
    PictureFlaw(image.Decodes(), "cut off", changed(PICTURE, base64=str(PICTURE.base64)[:400])),
    PictureFlaw(image.Decodes(), "another type", image_output(picture(), file_format="JPEG")),
    PictureFlaw(image.Decodes(), "another hash", changed(PICTURE, sha256="0" * 64)),
    PictureFlaw(image.Size(), "another height", changed(PICTURE, height=1351)),
    PictureFlaw(image.Size(), "too small", image_output(picture(256, 320))),
    PictureFlaw(image.Ratio(), "not as asked", PICTURE, "16:9"),
    PictureFlaw(image.Ratio(), "not upright for a story", PICTURE, None, STORY_DAY),
    PictureFlaw(image.NotBlank(), "one colour", image_output(picture(blank=True))),
    PictureFlaw(image.BrandColor(), "black and white", image_output(picture().convert("L"))),
    PictureFlaw(image.AltText(), "too long", changed(PICTURE, alt_text="Whitening and minutes, " * 6)),
    PictureFlaw(image.AltText(), "says nothing", changed(PICTURE, alt_text="A picture")),
    PictureFlaw(image.AltText(), "an invented price", changed(PICTURE, alt_text="Whitening minutes for $9")),
]


def _name(flaw: tuple[object, ...]) -> str:
    return f"{type(flaw[0]).__name__}: {flaw[1]}"


@pytest.mark.parametrize("evaluator", content.EVALUATORS, ids=lambda one: type(one).__name__)
def test_a_sound_post_passes(evaluator: PostEvaluator) -> None:
    work = DayWork(output=POST, day=DAY, language="en")

    assert passed(evaluator, ContentCase(business=SLUG, day=9), work, MARKET) in (True, None)


@pytest.mark.parametrize("flaw", POST_FLAWS, ids=_name)
def test_a_flaw_in_a_post_is_found(flaw: PostFlaw) -> None:
    work = DayWork(output=changed(POST, **flaw.changes), day=flaw.day, language="en")

    assert passed(flaw.evaluator, ContentCase(business=flaw.business, day=9), work, MARKET) is False


def test_a_post_with_its_required_phrase_or_disclosure_passes() -> None:
    warned = DayWork(output=changed(POST, caption=f"{POST.caption}\n{WARNING}"), day=DAY, language="en")
    disclosed = DayWork(output=changed(POST, caption=f"Anzeige. {POST.caption}"), day=DAY, language="en")

    assert passed(content.RequiredPhrases(), ContentCase(business=THAMES, day=9), warned, MARKET) is True
    assert passed(content.Disclosure(), ContentCase(business=GARDEN, day=9), disclosed, MARKET) is True


def test_a_post_is_not_asked_for_what_its_brief_does_not_want() -> None:
    work = DayWork(output=POST, day=QUIET_DAY, language="en")
    case = ContentCase(business=SLUG, day=9)

    wanted = (content.RequiredPhrases(), content.Disclosure(), content.CallToAction())

    assert [passed(evaluator, case, work, MARKET) for evaluator in wanted] == [None, None, None]


def test_a_sixth_hashtag_is_found() -> None:
    tags = [f"#Austin{letter}" for letter in "ABCDEF"]
    work = DayWork(output=POST.model_copy(update={"hashtags": tags}), day=DAY, language="en")

    assert passed(content.Hashtags(), ContentCase(business=SLUG, day=9), work, MARKET) is False


@pytest.mark.parametrize("evaluator", video.EVALUATORS, ids=lambda one: type(one).__name__)
def test_a_sound_script_passes(evaluator: ScriptEvaluator) -> None:
    work = DayWork(output=SCRIPT, day=DAY, language="en")

    assert passed(evaluator, VideoCase(business=SLUG, day=9, duration_s=30), work, MARKET) is True


@pytest.mark.parametrize("flaw", SCRIPT_FLAWS, ids=_name)
def test_a_flaw_in_a_script_is_found(flaw: tuple[ScriptEvaluator, str, dict[str, object]]) -> None:
    evaluator, _, changes = flaw
    work = DayWork(output=changed(SCRIPT, **changes), day=DAY, language="en")

    assert passed(evaluator, VideoCase(business=SLUG, day=9, duration_s=30), work, MARKET) is False


@pytest.mark.parametrize("evaluator", image.EVALUATORS, ids=lambda one: type(one).__name__)
def test_a_sound_picture_passes(evaluator: PictureEvaluator) -> None:
    work = DayWork(output=PICTURE, day=DAY, language="en")

    assert passed(evaluator, ImageCase(business=SLUG, day=9), work, MARKET) is True


@pytest.mark.parametrize("flaw", PICTURE_FLAWS, ids=_name)
def test_a_flaw_in_a_picture_is_found(flaw: PictureFlaw) -> None:
    work = DayWork(output=flaw.output, day=flaw.day, language="en")
    case = ImageCase(business=SLUG, day=9, aspect_ratio=flaw.asked)

    assert passed(flaw.evaluator, case, work, MARKET) is False


def test_a_painted_picture_is_not_asked_for_colours_of_the_brand() -> None:
    work = DayWork(output=changed(PICTURE, kind="generated"), day=DAY, language="en")

    assert passed(image.BrandColor(), ImageCase(business=SLUG, day=9), work, MARKET) is None


@pytest.mark.parametrize(
    ("evaluators", "flaws"),
    [(content.EVALUATORS, POST_FLAWS), (video.EVALUATORS, SCRIPT_FLAWS), (image.EVALUATORS, PICTURE_FLAWS)],
    ids=["posts", "scripts", "pictures"],
)
def test_every_evaluator_has_a_flaw_to_find(evaluators: tuple[object, ...], flaws: list[tuple[object, ...]]) -> None:
    assert {type(flaw[0]) for flaw in flaws} == {type(evaluator) for evaluator in evaluators}


def test_quoting_the_brief_does_not_change_the_language() -> None:
    quoted = "Beim Frühjahrs-Check gehen wir eine Stunde mit Ihnen durch den Garten und schreiben auf, was ansteht"
    work = DayWork(output=changed(POST, caption=f"What is it that we do for you?\n{quoted}."), day=DAY, language="en")

    assert passed(day_evaluators.Language(), ContentCase(business=GARDEN, day=9), work, MARKET) is True
