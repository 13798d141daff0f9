"""The upper bound of a request's cost: computed from the two prices of text if those are all, else by the library."""

from datetime import UTC, datetime

from genai_prices import Usage

from agents.prices import bundled_prices

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def test_the_bound_of_text_is_what_the_library_charges_for_it() -> None:
    usage, equal = Usage(input_tokens=4_321, output_tokens=4_000), 0

    library = bundled_prices().providers
    for provider in library.providers:
        for model in provider.models:
            try:
                owner, found = library.find_provider_model(model.id, None, provider.id, None)
                charged = found.calc_price(usage, owner, genai_request_timestamp=NOON).total_price
            except (LookupError, ValueError):
                continue
            bound = bundled_prices().cost_of_tokens(
                provider=provider.id,
                provider_url="http://127.0.0.1",
                model=model.id,
                input_tokens=4_321,
                output_tokens=4_000,
                at=NOON,
            )
            assert bound is None or bound >= charged, model.id
            equal += bound == charged
    assert equal > 1_000
