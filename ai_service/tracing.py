"""Traces: one call turns them on, and no content is captured unless asked."""

from opentelemetry import trace

tracer = trace.get_tracer("ai_service")
"""Spans of the layer itself. Without a configured provider they cost next to nothing and go nowhere."""


def instrument(*, include_content: bool = False, configure: bool = True) -> None:
    """Send traces of every call, question and attempt to Logfire, or to any OTLP endpoint.

    Works without an account: with a Logfire token traces go there, with `OTEL_EXPORTER_OTLP_ENDPOINT` to that
    endpoint. `include_content` puts prompts and answers, which hold customers' words, into the spans. A host that
    has called `logfire.configure` itself passes `configure=False`.
    """
    import logfire  # 0.3 s that only those pay who trace
    from pydantic_ai import ImageGenerator, InstrumentationSettings

    if configure:
        logfire.configure(service_name="ai_service", send_to_logfire="if-token-present", console=False)
    logfire.instrument_pydantic_ai(include_content=include_content, include_binary_content=include_content)
    ImageGenerator.instrument_all(
        InstrumentationSettings(include_content=include_content, include_binary_content=False)
    )
