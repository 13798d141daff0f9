import pytest

from models.rules.checking import check
from models.rules.composing import compose
from models.rules.fields import FIELDS
from models.rules.measures import MEDIA_UNITS, TEXT_UNITS
from models.rules.pack import RULE_PACK_VERSION, Change, Rule, rule_pack, with_changes
from models.rules.publishable import Media, Publishable, Template
from models.vocabulary import ContentType, Network, Violation
from tests.rule_cases import CASES

RULES = {rule.id: rule for rule in rule_pack().rules}
SINGLE_UNITS = {"items", "differing_ratios", "number"}


def broken(content: Publishable, network: Network) -> set[str]:
    return {violation.rule_id for violation in check(content, network)}


def only(rule_id: str, content: Publishable) -> Violation:
    found = [found for found in check(content, RULES[rule_id].network) if found.rule_id == rule_id]
    assert len(found) == 1
    return found[0]


def sources(rule: Rule) -> set[str]:
    return {key.strip() for key in rule.source.split(",")}


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == list(RULES)


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_is_kept_at_its_limit_and_broken_by_one_more(rule_id: str) -> None:
    keeps, breaks = CASES[rule_id]
    network = RULES[rule_id].network

    assert rule_id not in broken(keeps, network)
    assert rule_id in broken(breaks, network)


def test_a_rule_that_is_left_out_finds_nothing() -> None:
    found = {
        rule_id: {
            violation.rule_id for violation in check(breaks, RULES[rule_id].network, without=frozenset({rule_id}))
        }
        for rule_id, (_, breaks) in CASES.items()
    }

    assert [rule_id for rule_id, others in found.items() if rule_id in others] == []


def test_a_rule_that_is_left_out_leaves_the_others() -> None:
    content = Publishable(caption="x" * 281, hashtags=["#a", "#b", "#c"])

    found = check(content, Network.X, without=frozenset({"x.text"}))

    assert [violation.rule_id for violation in found] == ["x.tags"]


def test_a_rule_names_a_known_field_a_known_unit_and_sources() -> None:
    units = {*TEXT_UNITS, *MEDIA_UNITS, *SINGLE_UNITS}
    rules = RULES.values()

    assert {rule.id: rule.field for rule in rules if rule.field not in FIELDS} == {}
    assert {rule.id: rule.unit for rule in rules if rule.unit not in units} == {}
    assert {rule.id: rule.source for rule in rules if not sources(rule) <= set(rule_pack().sources)} == {}


def test_unconfirmed_rules_are_soft() -> None:
    unconfirmed = {"common", "press"}

    assert [rule.id for rule in RULES.values() if rule.severity == "hard" and sources(rule) <= unconfirmed] == []


def test_the_pack_has_each_network_and_no_id_twice() -> None:
    assert {rule.network for rule in rule_pack().rules} == set(Network)
    assert len(RULES) == len(rule_pack().rules)


def test_the_version_names_a_day_and_the_data() -> None:
    day, _, digest = RULE_PACK_VERSION.rpartition(".")

    assert day == rule_pack().date.isoformat()
    assert len(digest) == 8


def test_an_ordinary_post_breaks_no_rule_of_its_network() -> None:
    content = Publishable(
        caption="La brioche sort du four à 8 h.",
        hashtags=["#lyon"],
        content_type=ContentType.POST,
        media=[Media(kind="image", mime_type="image/jpeg", width=1200, height=900, size_bytes=400_000)],
        link="https://levain.example",
        alt_text="Une brioche.",
    )

    assert {network: broken(content, network) for network in Network} == {
        **{network: set[str]() for network in Network},
        Network.PINTEREST: {"pin.ratio"},
    }


def test_a_message_has_the_value_the_limit_and_the_fix() -> None:
    assert only("ig.caption", Publishable(caption="x" * 2300)).model_dump() == {
        "rule_id": "ig.caption",
        "severity": "hard",
        "path": "caption",
        "message": "text: 2300 characters, at most 2200 on instagram: shorten it",
        "span": None,
        "fix": "shorten it",
    }


def test_a_message_names_the_value_among_those_allowed() -> None:
    content = Publishable(
        media=[Media(kind="image", mime_type="image/jpeg"), Media(kind="image", mime_type="image/png")]
    )

    found = only("ig.image.type", content)

    assert found.path == "media.1"
    assert found.message == "images: 'image/png', one of image/jpeg is taken on instagram: convert it to JPEG"


def test_large_limits_are_written_out() -> None:
    _, breaks = CASES["li.image.pixels"]

    message = only("li.image.pixels", breaks).message

    assert message == "images: 36152320 pixels, at most 36152319 on linkedin: resize it"


def test_a_lower_bound_is_named() -> None:
    message = only("gbp.image.least", CASES["gbp.image.least"][1]).message

    assert "at least 250 on google_business" in message


def test_a_match_in_the_caption_has_its_span() -> None:
    found = only("x.invalid", Publishable(caption="fresh\ufeff bread"))

    assert (found.path, found.span) == ("caption", [5, 6])


def test_hashtags_of_the_caption_count_with_those_beside_it() -> None:
    found = only("ig.tags", Publishable(caption="#a1 #b2 #c3 and more", hashtags=["#d", "#e", "#f"]))

    assert found.path == "hashtags.2"


def test_a_hash_sign_in_a_link_or_before_a_number_is_not_a_hashtag() -> None:
    content = Publishable(caption="https://levain.example/#menu #1 C#dur", hashtags=["#a", "#b"])

    assert "x.tags" not in broken(content, Network.X)


def test_rules_of_a_format_do_not_apply_to_an_unknown_format() -> None:
    content = Publishable(media=[Media(kind="video", duration_s=1000)])

    assert "ig.reel.length" not in broken(content, Network.INSTAGRAM)


@pytest.mark.parametrize("character", ["\ufffe", "\ufeff", "\uffff"])
def test_x_refuses_invalid_characters(character: str) -> None:
    assert "x.invalid" in broken(Publishable(caption=f"a{character}b"), Network.X)


def test_a_video_on_tiktok_has_the_shorter_text() -> None:
    caption = "x" * 2201
    a_video = Publishable(caption=caption, media=[Media(kind="video")])
    a_photo = Publishable(caption=caption, media=[Media(kind="image")])

    assert broken(a_video, Network.TIKTOK) == {"tt.video"}
    assert broken(a_photo, Network.TIKTOK) == set()


def test_a_template_may_be_sent_at_any_hour() -> None:
    content = Publishable(hours_since_customer=100, template=Template(body="Your table is ready."))

    assert broken(content, Network.WHATSAPP) == set()


def test_emoji_are_not_allowed_in_a_plain_header() -> None:
    found = only("wa.tpl.header.plain", Publishable(template=Template(header="Order 🥐")))

    assert (found.path, found.span) == ("template.header", [6, 7])


def test_pictures_of_unknown_size_are_not_measured() -> None:
    content = Publishable(content_type=ContentType.CAROUSEL, media=[Media(kind="image"), Media(kind="image", width=9)])

    assert broken(content, Network.INSTAGRAM) == {"ig.image.width"}
    assert broken(content, Network.LINKEDIN) == set()


def test_shouting_counts_only_beside_a_link() -> None:
    assert broken(Publishable(caption="You won't believe it"), Network.FACEBOOK) == set()
    assert broken(Publishable(caption="You won't believe it, levain.com"), Network.FACEBOOK) == {"fb.shouting"}
    assert broken(Publishable(caption="BREAD today levain.com!!"), Network.FACEBOOK) == set()
    assert broken(Publishable(caption="FRESH BREAD TODAY levain.com"), Network.FACEBOOK) == {"fb.shouting"}


@pytest.mark.parametrize(
    "caption",
    [
        "Identifiez un ami qui aime la brioche",
        "Markiert jemanden, der Brot liebt",
        "Etiqueta a un amigo",
        "Tagga un amico",
        "Tag een vriend die van taart houdt",
        "Marque um amigo",
        "Oznacz znajomego",
        "Tagga en vän",
    ],
)
def test_bait_is_found_in_other_languages(caption: str) -> None:
    assert "fb.bait" in broken(Publishable(caption=caption), Network.FACEBOOK)


def test_a_caller_changes_limits_and_severities() -> None:
    rules = with_changes({"x.text": Change(at_most=25_000), "tt.tags": Change(severity="hard")})
    long_post, tagged_post = Publishable(caption="x" * 281), CASES["tt.tags"][1]

    assert check(long_post, Network.X, rules=rules) == []
    assert [found.severity for found in check(tagged_post, Network.TIKTOK, rules=rules)] == ["hard"]


def test_a_change_to_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"x\.txt"):
        with_changes({"x.txt": Change(at_most=1)})


def test_hashtags_are_inline_on_x_below_elsewhere_and_omitted_where_they_have_no_function() -> None:
    post = Publishable(caption="Du pain.", hashtags=["#lyon", "#pain"])

    assert compose(post, Network.X) == "Du pain. #lyon #pain"
    assert compose(post, Network.INSTAGRAM) == "Du pain.\n\n#lyon #pain"
    assert compose(post, Network.WHATSAPP) == compose(post, Network.GOOGLE_BUSINESS) == "Du pain."
    assert compose(Publishable(hashtags=["#lyon"]), Network.X) == "#lyon"
