"""The datasets of the evals: everything that their cases name exists."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from pydantic_evals import Dataset

from evals import cases as evals_cases, content, image, messaging
from evals.cases import BusinessCase, DayCase, brief_of
from evals.fixtures import load_messages, slugs
from evals.messaging import message_of
from evals.text_checks import LANGUAGES
from models.rules.speech import WORDS_PER_MINUTE
from models.skeleton import plan_days
from models.strategy import PlannedDay
from models.vocabulary import Feature

# Any: each feature's own cases, outputs and metadata
DATASETS: dict[Feature, Dataset[Any, Any, Any]] = {
    feature: import_module(f"{evals_cases.__package__}.{feature}").load_dataset() for feature in Feature
}
INPUTS: dict[Feature, list[BusinessCase]] = {
    feature: [case.inputs for case in dataset.cases] for feature, dataset in DATASETS.items()
}


def _plan(case: DayCase) -> PlannedDay:
    return plan_days(brief_of(case.business), today=date(2026, 12, 1))[case.day - 1]


@pytest.mark.parametrize("feature", Feature)
def test_a_dataset_has_the_same_five_businesses_of_the_fixtures(feature: Feature) -> None:
    named = list(dict.fromkeys(case.business for case in INPUTS[feature]))

    assert len(named) == 5
    assert set(named) <= set(slugs())
    assert named == [case.business for case in INPUTS[Feature.STRATEGY]]


@pytest.mark.parametrize("feature", Feature)
def test_a_dataset_states_language_and_country_as_the_brief_does(feature: Feature) -> None:
    stated = [(case.metadata.language, case.metadata.country) for case in DATASETS[feature].cases if case.metadata]
    businesses = [brief_of(case.business).business for case in INPUTS[feature]]

    assert stated == [(business.language, business.country) for business in businesses]
    assert {language for language, _ in stated} <= LANGUAGES & WORDS_PER_MINUTE.keys()


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.VIDEO])
def test_each_business_is_asked_for_a_day_that_sells(feature: Feature) -> None:
    days = [case for case in INPUTS[feature] if isinstance(case, DayCase)]

    selling = {case.business for case in days if _plan(case).is_promo}

    assert selling == {case.business for case in INPUTS[Feature.STRATEGY]}


def test_each_business_is_asked_for_a_post_in_another_format_than_planned() -> None:
    cases = [case.inputs for case in content.load_dataset().cases]

    others = {case.business for case in cases if case.content_type not in (None, _plan(case).content_type)}

    assert others == {case.business for case in cases}


def test_each_business_is_asked_for_a_picture_in_a_ratio_and_for_one_in_none() -> None:
    asked = {(case.inputs.business, case.inputs.aspect_ratio is None) for case in image.load_dataset().cases}

    assert asked == {(case.business, free) for case in INPUTS[Feature.STRATEGY] for free in (True, False)}


def test_all_messages_to_the_five_businesses_are_answered() -> None:
    named = [(case.inputs.business, message_of(case.inputs).name) for case in messaging.load_dataset().cases]

    assert named == [
        (case.business, message.name) for case in INPUTS[Feature.STRATEGY] for message in load_messages(case.business)
    ]


def test_the_personal_data_of_each_angry_customer_is_listed_as_they_wrote_it() -> None:
    cases = [case for case in messaging.load_dataset().cases if case.inputs.kind == "angry_pii"]
    listed = {case.inputs.business: case.metadata.personal_data for case in cases if case.metadata}
    messages = {case.inputs.business: message_of(case.inputs).message for case in cases}

    assert all(listed.values())
    assert [text for slug, texts in listed.items() for text in texts if text not in messages[slug]] == []


def test_what_must_be_answered_or_resisted_is_listed() -> None:
    metadata = [(case.inputs.kind, case.metadata) for case in messaging.load_dataset().cases if case.metadata]

    assert {kind for kind, expected in metadata if expected.mentions} == {"price", "booking", "injection"}
    assert [kind for kind, expected in metadata if expected.never] == ["injection"] * 5
