import pytest

from models.vocabulary import FORMATS, ContentState, ContentType, Feature, FunnelStage, Network, Role


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (Feature, "strategy content video messaging image"),
        (ContentType, "Reel Post Carousel Story Image Video"),
        (Role, "teaser launch education proof community offer recap"),
        (FunnelStage, "awareness consideration conversion retention"),
        (ContentState, "draft needs_review approved published rejected"),
        (Network, "instagram facebook x tiktok linkedin youtube threads pinterest google_business whatsapp"),
    ],
)
def test_stored_enum_values_are_stable(words: type[Feature], values: str) -> None:
    assert set(values.split()) - {word.value for word in words} == set()


def test_each_network_and_none_has_formats_named_once() -> None:
    assert set(FORMATS) == {None, *Network}
    assert [network for network, formats in FORMATS.items() if not formats or len(set(formats)) != len(formats)] == []


def test_without_a_network_every_format_may_be_planned() -> None:
    assert set(FORMATS[None]) == set(ContentType)


@pytest.mark.parametrize(
    ("network", "refused"),
    [
        (Network.GOOGLE_BUSINESS, ContentType.REEL),
        (Network.GOOGLE_BUSINESS, ContentType.VIDEO),
        (Network.TIKTOK, ContentType.POST),
        (Network.PINTEREST, ContentType.POST),
    ],
)
def test_a_network_is_not_given_a_format_it_refuses(network: Network, refused: ContentType) -> None:
    assert refused not in FORMATS[network]
