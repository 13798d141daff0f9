"""Ordinary texts in fourteen languages, in which no rule may find anything."""

import pytest

from models.brief import BusinessContext
from models.rules.checking import check
from models.rules.claims import unsupported
from models.rules.compliance import comply
from models.rules.publishable import Publishable
from models.vocabulary import Network, Violation

COUNTRIES = {"en": "IE", "uk": "UA", "ja": "JP", "ar": "AE", "he": "IL", "ko": "KR", "sv": "SE", "pt": "PT"}
TEXTS = {
    "en": [
        "Rain outside, soup inside. The kitchen opens at noon and the window seats go first.",
        "Treat your bike to ten minutes: wipe the chain, check the brakes, pump the tyres. That was it.",
        "Who taught you to bake? Tell us below. We read every answer with the first coffee.",
        "The off switch is the best part of a weekend. We were closed, we walked, we are back.",
        "We prevent draughts with felt and patience: how an old window gets quiet again.",
        "Our bar of soap weighs 100 g, is cut by hand and rests for four weeks.",
        "This June we number one hundred chairs by hand. Come and see how it is done.",
        "“Proofing” is the second rest of a dough. It decides how light the loaf will be.",
    ],
    "fr": [
        "Il pleut dehors, la soupe fume dedans. La cuisine ouvre à midi.",
        "La pâte repose toute la nuit, et nous aussi. Passez nous voir dès sept heures.",
        "Un prix affiché, un prix payé : chez nous, rien ne change à la caisse.",
        "« La croûte foncée, c'est du pain brûlé » : vraiment ? On en parle au comptoir.",
        "Le cours dure deux heures, le café est offert. Il reste deux places jeudi.",
        "Nous traitons chaque commande le jour même, sans exception et sans stress.",
        "Avant, on pétrissait à la main. Maintenant aussi.",
    ],
    "de": [
        "Draußen Regen, drinnen Suppe. Die Küche öffnet um zwölf.",
        "Der Kurs findet statt, auch bei Regen. Bitte feste Schuhe mitbringen.",
        "Vorher ein Gestrüpp, nachher ein Weg: zwei Tage Arbeit, viel Tee.",
        "Wir behandeln Holz mit Öl, nicht mit Lack. Das dauert länger und riecht besser.",
        "„Trockenmauer“ heißt: kein Mörtel. Nur Steine, Geduld und ein gutes Auge.",
        "Was ist euer liebster Platz im Garten? Schreibt uns.",
        "Das kleine Schwarze für den Winter: unsere neue Schürze, 100 % Leinen.",
    ],
    "es": [
        "Llueve afuera, hay sopa adentro. La cocina abre al mediodía.",
        "La masa descansa toda la noche. Nosotros también. Pasa por la tarde.",
        "Antes de venir, escríbenos: así apartamos tu mesa.",
        "¿Quién te enseñó a cocinar? Cuéntanos abajo.",
        "Menos prisa y más sobremesa: así son los domingos aquí.",
        "El taller dura dos horas y trae café. Quedan pocos lugares.",
        "Tratamos cada pieza como si fuera la única de la semana.",
    ],
    "it": [
        "Fuori piove, dentro c'è la zuppa. La cucina apre a mezzogiorno.",
        "L'impasto riposa tutta la notte, e noi con lui. Passate domani.",
        "Prima si misura, poi si taglia: la regola più vecchia della bottega.",
        "Chi vi ha insegnato a cucinare? Raccontatecelo.",
        "Una stella di carta, due mani, dieci minuti: ecco la vetrina di dicembre.",
        "Il premio per chi arriva presto: il tavolo accanto alla finestra.",
    ],
    "nl": [
        "Buiten regen, binnen soep. De keuken gaat om twaalf uur open.",
        "Het deeg rust de hele nacht. Wij ook. Kom morgen langs.",
        "Van links naar rechts: Bram, Noor en de hond. Samen de ploeg van zaterdag.",
        "Wie heeft jou leren bakken? Vertel het ons.",
        "We behandelen leer met was en geduld. Het duurt een middag.",
        "De workshop duurt twee uur, koffie staat klaar.",
    ],
    "pt": [
        "Chove lá fora, há sopa cá dentro. A cozinha abre ao meio-dia.",
        "A massa descansa a noite toda. Nós também. Passe aqui de manhã.",
        "Antes de sair, leve um pão para o caminho.",
        "Quem ensinou você a cozinhar? Conte para nós.",
        "De segunda a sábado, das 10h às 20h, a porta fica aberta.",
        "A cura do queijo leva três meses, sem pressa.",
    ],
    "pl": [
        "Na dworze deszcz, w środku zupa. Kuchnia rusza w południe.",
        "Ciasto odpoczywa całą noc. My też. Wpadnij rano.",
        "Było cicho, a potem otworzyliśmy drzwi. Dzień dobry!",
        "Kto nauczył was piec? Napiszcie w komentarzu.",
        "Sto krzeseł, dwa dni, jeden pędzel. Tak wygląda remont od środka.",
        "Warsztat trwa dwie godziny, kawa czeka na stole.",
    ],
    "sv": [
        "Regn ute, soppa inne. Köket öppnar klockan tolv.",
        "Degen vilar hela natten. Vi också. Titta in i morgon.",
        "Det var en gång en soffa. Nu är den två fåtöljer.",
        "Vem lärde dig att baka? Berätta.",
        "Vi behandlar trä med olja och tålamod, aldrig med lack.",
        "Öl och bröd har samma början: jäst, vatten och tid.",
    ],
    "uk": ["Надворі дощ, всередині суп. Кухня відчиняється опівдні.", "Хто навчив вас пекти? Напишіть нам."],
    "ja": ["外は雨、中はスープ。厨房は正午に開きます。", "生地は一晩休みます。私たちも休みます。"],
    "ko": ["밖에는 비, 안에는 수프. 주방은 정오에 엽니다.", "누가 빵 굽는 법을 가르쳐 주었나요? 알려 주세요."],
    "ar": ["في الخارج مطر، وفي الداخل حساء. يفتح المطبخ ظهرًا.", "من علّمكم الخبز؟ اكتبوا لنا."],
    "he": ["בחוץ גשם, בפנים מרק. המטבח נפתח בצהריים.", "מי לימד אתכם לאפות? ספרו לנו."],
}


def business(language: str) -> BusinessContext:
    return BusinessContext(
        name="Levain",
        industry="workshop",
        tone="warm",
        languages=[language],
        country=COUNTRIES.get(language, language.upper()),
    )


def found_in(text: str, language: str) -> list[Violation]:
    """Return the violations of law, grounding and all networks' rules in a caption."""
    post = Publishable(caption=text, link="https://levain.example")
    return [
        *comply({"caption": text}, business(language)),
        *unsupported({"caption": text}, stated=[]),
        *(found for network in Network for found in check(post, network)),
    ]


@pytest.mark.parametrize("language", TEXTS)
def test_no_rule_finds_anything_in_ordinary_texts(language: str) -> None:
    assert {text: found for text in TEXTS[language] if (found := found_in(text, language))} == {}
