"""A host's `CredentialSource`: as `ai_service.hosts_contexts`, and no error shows what it returned."""

from pydantic import ValidationError

from ai_service.errors import AIServiceError, ConfigurationError
from ai_service.hosts_answers import answer_of
from deps.protocols import CredentialSource
from models.credentials import BusinessCredentials
from models.vocabulary import Feature

_METHOD = "get_credentials of your CredentialSource"


class HostsCredentials:
    """Asks a host's source.

    A dict of the fields is taken as well. Raises ConfigurationError where it returns or raises what it should not,
    StorageUnavailable where the host's database is away; an AIServiceError passes through.
    """

    def __init__(self, source: CredentialSource) -> None:
        self._source = source

    async def get_credentials(self, business_id: str, feature: Feature) -> BusinessCredentials | None:
        """Return what a business brings for a feature; None: nothing."""
        try:
            return await self._answer(business_id, feature)
        except AIServiceError as error:
            failed = error.with_traceback(None)
        # the frames below, and what the error came of, may hold the key
        failed.__cause__ = failed.__context__ = None
        raise failed

    async def _answer(self, business_id: str, feature: Feature) -> BusinessCredentials | None:
        try:
            answer = await answer_of(_METHOD, lambda: self._source.get_credentials(business_id, feature))
            return None if answer is None else BusinessCredentials.model_validate(answer)
        except ValidationError as error:
            problems = _problems(error)
        raise ConfigurationError(f"{_METHOD} should return a BusinessCredentials or None: {problems}")


def _problems(error: ValidationError) -> str:
    """Return what is wrong with which field, without its value; a name that is no field's may be a key as well."""
    found: list[str] = []
    for item in error.errors(include_url=False, include_input=False):
        name = next((str(step) for step in item["loc"] if step in BusinessCredentials.model_fields), None)
        found.append(f"{name or '(whole)'}: {item['msg'].removeprefix('Value error, ')}")
    return "; ".join(found)
