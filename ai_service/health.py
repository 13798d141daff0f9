"""Checks what calls need, without a request to a provider."""

from ai_service.errors import AIServiceError, ConfigurationError
from ai_service.runtime import Runtime, answering
from models.readiness import Readiness, ReadinessCheck
from models.vocabulary import Feature
from storage.migrate import HEAD, check_migrated

_OK = "ok"
_PATIENCE_S = 5.0
"""Seconds that the database may take to answer a health check."""


async def examined(runtime: Runtime) -> Readiness:
    """Return what works of an open service."""
    models = [await _model(runtime, feature) for feature in Feature]
    checks = [*await _database(runtime), *models, await _prices(runtime)]
    return Readiness(ok=all(check.ok for check in checks if check.required), checks=checks)


async def _database(runtime: Runtime) -> list[ReadinessCheck]:
    try:
        async with answering(runtime) as engine, runtime.clock.timeout(_PATIENCE_S):
            await check_migrated(engine)
    except ConfigurationError as error:  # it answers, with the tables of another version
        return [_found("database", _OK), _broken("migrations", str(error))]
    except AIServiceError as error:
        return [_broken("database", str(error)), _broken("migrations", "not known while the database is away")]
    return [_found("database", _OK), _found("migrations", f"at revision {HEAD}")]


async def _model(runtime: Runtime, feature: Feature) -> ReadinessCheck:
    name = f"model of {feature}"
    required = runtime.models.credentials is None and runtime.settings.names_model(feature)
    try:
        await runtime.models.of(feature)
    except ConfigurationError as error:
        return ReadinessCheck(name=name, ok=False, required=required, detail=str(error))
    names = ", ".join(runtime.settings.chain(feature))
    return ReadinessCheck(name=name, ok=True, required=required, detail=names)


async def _prices(runtime: Runtime) -> ReadinessCheck:
    unpriced = await runtime.models.unpriced(runtime.clock.now())
    ceiling = runtime.settings.unknown_price_usd_per_mtok
    if not unpriced:
        detail = f"known, {runtime.models.prices.current.version}"
    elif ceiling is not None:
        detail = f"{', '.join(unpriced)}: unknown, budgets are charged {ceiling} USD for a million tokens"
    else:
        detail = (
            f"{', '.join(unpriced)}: unknown, so is the cost, and calls are refused where a budget holds; "
            "set AI_SERVICE_PRICES or AI_SERVICE_UNKNOWN_PRICE_USD_PER_MTOK"
        )
    ok = not unpriced or ceiling is not None
    return ReadinessCheck(name="prices", ok=ok, required=False, detail=detail)


def _found(name: str, detail: str) -> ReadinessCheck:
    return ReadinessCheck(name=name, ok=True, required=True, detail=detail)


def _broken(name: str, detail: str) -> ReadinessCheck:
    return ReadinessCheck(name=name, ok=False, required=True, detail=detail)
