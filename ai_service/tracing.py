"""Turns tracing on. Prompts and answers are captured only on request."""

import asyncio

from opentelemetry import trace

tracer = trace.get_tracer("ai_service")
"""The package's own spans. Without a configured provider they are no-ops."""


_FLUSH_MS = 5_000
"""Milliseconds that a closing service gives the exporter: an endpoint may be out of reach."""


async def flush_spans() -> None:
    """Send the spans that wait to be sent. A server may end its process without the hooks that would."""
    flush = getattr(trace.get_tracer_provider(), "force_flush", None)
    if flush is not None:
        await asyncio.to_thread(flush, _FLUSH_MS)


def instrument(*, include_content: bool = False, configure: bool = True) -> None:
    """Send traces of every call, question and attempt to Logfire or to an OTLP endpoint.

    With a Logfire token traces go there, with `OTEL_EXPORTER_OTLP_ENDPOINT` to that endpoint. `include_content` adds
    prompts and answers, which contain customers' words, to the spans. Pass `configure=False` if the host has already
    called `logfire.configure`.
    """
    import logfire  # takes 0.3 s
    from pydantic_ai import ImageGenerator, InstrumentationSettings

    if configure:
        logfire.configure(service_name="ai_service", send_to_logfire="if-token-present", console=False)
    logfire.instrument_pydantic_ai(include_content=include_content, include_binary_content=include_content)
    ImageGenerator.instrument_all(
        InstrumentationSettings(include_content=include_content, include_binary_content=False)
    )
