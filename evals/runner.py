"""A run of the evals: one open service, the cases of the named features, and their results."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from ai_service import AIService, Settings
from ai_service.settings import SANDBOX
from evals.results import FeatureResult
from evals.studio import Studio
from models.vocabulary import Feature


async def run(
    features: Sequence[Feature],
    *,
    model: str,
    database_url: str | None,
    finished: Callable[[FeatureResult], None],
) -> list[FeatureResult]:
    """Evaluate features and return their results; `finished` receives each of them as soon as it is complete.

    `database_url` None means a temporary database.

    Raises:
        AIServiceError: The service cannot be opened.
    """
    results: list[FeatureResult] = []
    async with _opened(model, database_url) as ai:
        studio = Studio(ai)
        for feature in features:
            results.append(await _evaluation(feature)(studio))
            finished(results[-1])
    return results


@asynccontextmanager
async def _opened(model: str, database_url: str | None) -> AsyncGenerator[AIService]:
    """Open a service on one model, ignoring the environment's models per feature."""
    with TemporaryDirectory() as folder:
        database_url = database_url or f"sqlite+aiosqlite:///{Path(folder) / 'evals.db'}"
        settings = Settings.from_env()
        image_model = SANDBOX if model == SANDBOX else settings.image_model
        chosen: dict[str, object] = {"model": model, "models": {}, "image_model": image_model}
        async with AIService(settings.model_copy(update={**chosen, "database_url": database_url})) as ai:
            yield ai


def _evaluation(feature: Feature) -> Callable[[Studio], Awaitable[FeatureResult]]:
    return import_module(f".{feature}", __package__).evaluate
