"""Turns tracing on. Prompts and answers are captured only on request."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Span, StatusCode

from ai_service.errors import AIGenerationError

tracer = trace.get_tracer("ai_service")
"""The package's own spans. Without a configured provider they are no-ops."""

_FLUSH_MS = 5_000
"""Milliseconds that a closing service gives the exporter: an endpoint may be out of reach."""


@contextmanager
def call_span(name: str, attributes: Mapping[str, str]) -> Generator[None]:
    """Run the body in a span of its own, which records the class and the reason of its error and nothing else.

    A generation error leaves without what it came of: providers quote the key and the prompt in their errors, answers
    quote customers, and a host that logs an error prints all of its causes.
    """
    with tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except BaseException as error:
            _record(span, error)
            if isinstance(error, AIGenerationError):
                error.__cause__ = error.__context__ = None
            raise


def _record(span: Span, error: BaseException) -> None:
    kind, reason = type(error), getattr(error, "reason", None)
    said = {"exception.type": f"{kind.__module__}.{kind.__qualname__}"}
    if isinstance(reason, str):
        said["ai_service.reason"] = reason
    span.add_event("exception", said)
    span.set_status(StatusCode.ERROR, f"{kind.__name__} {reason}" if isinstance(reason, str) else kind.__name__)


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
