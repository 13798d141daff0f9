"""Every claim of an output is in the brief, kind by kind, in every script, in linear work."""

from time import thread_time

import pytest

from evals.fixtures import load_brief, slugs
from models.grounding import normalised, ungrounded
from models.texts import texts_of

STATED = [
    "Brioche au potiron -10 %",
    "Galette 12,50 EUR, bûche 1 234 €",
    "Code NOEL5 ou FETE-2026",
    "Commandes au 04 72 00 11 22, bonjour@levain.example, @levain_lyon",
    "ISO 9001, ouvert depuis 1998",
]
LINKS = ["https://www.levain.example/commander"]


def found(text: str) -> list[tuple[str, str]]:
    """Return kind and value of each claim that neither the texts nor the links support."""
    violations = ungrounded({"caption": text}, stated=STATED, links=LINKS)
    assert all((item.severity, item.path) == ("hard", "caption") for item in violations)
    return [(item.rule_id.removeprefix("ground."), item.message.split("'")[1]) for item in violations]


GROUNDED = [
    "Commandez sur https://levain.example/commander",
    "Commandez sur www.levain.example/commander/.",
    "LEVAIN.EXAMPLE, tout simplement",
    "Écrivez à Bonjour@Levain.example.",
    "Suivez @levain_lyon.",
    "Appelez le 04.72.00.11.22",
    "Appelez le (04) 72-00-11-22",
    "10% de moins",
    "10 pour cent de moins",
    "\u0661\u0660\u066a",  # ١٠٪
    "\uff11\uff10\uff05",  # １０％
    "La galette à 12,50 €",
    "La galette à 12.50 euros",
    "La galette à EUR 12,5",
    "La bûche à 1234 €, à 1.234 € ou à €1,234.00",
    "\uff11\uff12.\uff15\uff10 EUR",
    "Le code NOEL5",
    "Le code FETE-2026",
]

INVENTED = {
    # links
    "https://evil.example/x": [("link", "evil.example/x")],
    "Voir http://EVIL.example.": [("link", "evil.example")],
    "www.evil.org!": [("link", "evil.org")],
    "Tout est sur evil.com": [("link", "evil.com")],
    "bit.ly/2abc": [("link", "bit.ly/2abc")],
    "t.me/join et wa.me/336": [("link", "t.me/join"), ("link", "wa.me/336")],
    "evil.xyz, evil.online": [("link", "evil.xyz"), ("link", "evil.online")],
    "levain.example/rembourser": [("link", "levain.example/rembourser")],
    "levain.example.evil.com": [("link", "levain.example.evil.com")],
    "https://levain.example@evil.com": [("email", "levain.example@evil.com")],
    "\uff45\uff56\uff49\uff4c\uff0e\uff43\uff4f\uff4d": [("link", "evil.com")],  # full-width letters
    "詳しくはevil.comへ": [("link", "evil.com")],
    "詳しくはhttps://evil.comへどうぞ": [("link", "evil.com")],
    "[ici](https://evil.com)": [("link", "evil.com")],
    # addresses, handles, phones
    "moi@evil.com": [("email", "moi@evil.com")],
    "Suivez @evil": [("handle", "@evil")],
    "Suivez \uff20evil": [("handle", "@evil")],
    "06 39 98 47 12": [("phone", "0639984712")],
    "+33 (0)6 39 98 47 12": [("phone", "330639984712")],
    "555-0100": [("phone", "5550100")],
    "\u0660\u0666\u0663\u0669\u0669\u0668\u0664\u0667\u0661\u0662": [("phone", "0639984712")],
    # percentages
    "-50%": [("percentage", "50")],
    "50 % ou 10 %": [("percentage", "50")],
    "50 percent, 50 per cent, 50 prozent": [("percentage", "50")] * 3,
    "50 por ciento, 50 procent, 50 відсотків": [("percentage", "50")] * 3,
    "%50": [("percentage", "50")],
    "\u0665\u0660\u066a": [("percentage", "50")],
    "\uff15\uff10\uff05": [("percentage", "50")],
    "99,5 %": [("percentage", "99.5")],
    # prices
    "3 €, €3, 3€": [("price", "3")] * 3,
    "3 euros, EUR 3, 3 EUR, EUR3": [("price", "3")] * 4,
    "$3.50, US$ 3.50, 3.50 dollars": [("price", "3.5")] * 3,
    "£3, ¥300, ₹149, Rs. 149": [("price", "3"), ("price", "300"), ("price", "149"), ("price", "149")],
    "299 kr, kr 299, 299 kronor, 299:-": [("price", "299")] * 4,
    "税込980円です": [("price", "980")],
    "1000원입니다": [("price", "1000")],
    "٢٤٩ درهمًا": [("price", "249")],
    "1200 грн, 1200 гривень": [("price", "1200")] * 2,
    "89,- €": [("price", "89")],
    "1\u00a0500 €, 1\u202f500 €, 1'500 CHF, 1.500,00 €": [("price", "1500")] * 4,
    "240 ALL": [("price", "240")],
    "en 2026 100 €": [("price", "100")],
    # codes
    "FREE100": [("code", "FREE100")],
    "Le code FREE-100 !": [("code", "FREE-100")],
    "NOEL50": [("code", "NOEL50")],
    "\uff26\uff32\uff25\uff25\uff11\uff10\uff10": [("code", "FREE100")],
}

INNOCENT = [
    "Le 24.12.2026, le 24. 12. 2026 et du 24.12.-26.12.",
    "Le 24/12/2026, le 12-24-2026, le 2026-12-24",
    "Ouvert de 08.00-18.30, de 9h30 à 19h, 10:00–18:00",
    "De 1998-2026, de 2024 à 2026, en 1998",
    "Open until 10PM, from 9AM, à 20H30, 10AM-6PM",
    "All 30 days, call 112, a ball 5 times, ALL 30 DAYS",
    "500 g, 3,5 kg, 250ML, 12KM, 1/2, 3 x 4",
    "1. Farine 2. Eau 3. Sel",
    "Les 24 premiers, 1 000 fois, 3 pour 2",
    "fin.Voici la suite. Et.la suite",
    "a@b, @x, @ levain",
    "B2B, H2O, 4K, 3D, A4",
    "Euromillions 3 fois, Krone 3, allé 3",
    "Plus d'un kilo. Un. Deux. Trois.",
    "🥐🥐 10/10, 5 étoiles",
]


@pytest.mark.parametrize("text", GROUNDED)
def test_what_the_brief_says_may_be_said(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", INVENTED)
def test_what_the_brief_does_not_say_is_refused(text: str) -> None:
    assert found(text) == INVENTED[text]


@pytest.mark.parametrize("text", INNOCENT)
def test_dates_times_measures_and_words_are_not_claims(text: str) -> None:
    assert found(text) == []


def test_only_links_from_the_list_of_links_are_published() -> None:
    texts = {"caption": "Tout sur evil.com"}

    assert [item.rule_id for item in ungrounded(texts, stated=["Voir evil.com"], links=[])] == ["ground.link"]
    assert ungrounded(texts, stated=[], links=["Voir evil.com"]) == []


def test_every_text_is_checked_and_named() -> None:
    violations = ungrounded({"caption": "-50 %", "script": "rien", "hashtags.0": "-60 %"}, stated=[], links=[])

    assert [(item.path, item.message.partition(" is ")[0]) for item in violations] == [
        ("caption", "percentage '50'"),
        ("hashtags.0", "percentage '60'"),
    ]


@pytest.mark.parametrize("slug", slugs())
def test_the_facts_and_offers_of_every_fixture_ground_themselves(slug: str) -> None:
    business = load_brief(slug).business
    texts = texts_of(business)

    assert ungrounded(texts, stated=texts.values(), links=business.links) == []


@pytest.mark.parametrize("slug", slugs())
def test_the_facts_of_every_fixture_hold_no_phone_code_or_link_by_mistake(slug: str) -> None:
    facts = dict(enumerate(load_brief(slug).business.facts))

    violations = ungrounded({str(key): fact for key, fact in facts.items()}, stated=[], links=[])

    assert [item.message for item in violations if item.rule_id != "ground.price"] == []


@pytest.mark.parametrize(
    "digits", ["\u0660\u0661\u0662", "\u06f0\u06f1\u06f2", "\u0966\u0967\u0968", "\uff10\uff11\uff12"]
)
def test_digits_of_every_script_are_equal(digits: str) -> None:
    assert normalised(digits) == "012"


HOSTILE = [
    "a.",
    "9 ",
    "9",
    " 123",
    "a",
    "a@",
    "@a.",
    "9%",
    "https://",
    "www.",
    "A1",
    "A-",
    "9.9-9(9) ",
    ".",
    "€9",
    "1'234",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_work_is_linear_in_the_length_of_a_hostile_text(unit: str) -> None:
    """Eight times the text takes about eight times the work; quadratic work would be sixty-four times."""
    short, long = ((unit * size)[:size] for size in (400, 3_200))

    assert _work(long) < 30 * _work(short)


def _work(text: str) -> float:
    """Return the lowest CPU time of three checks."""
    times: list[float] = []
    for run in range(3):
        another = f"{text} {run}"  # the last ones are remembered
        started = thread_time()
        ungrounded({"caption": another}, stated=[another], links=[another])
        times.append(thread_time() - started)
    return min(times)
