"""The settings of the host cases: what the environment or a `.env` file holds, and what must come of it on opening."""

import contextlib
import os
import re
import shlex
import warnings
from collections.abc import Callable, Generator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ai_service import AIService, Settings
from evals.frozen.loopback import Asked, Loopback, good_reply
from evals.frozen.opened import WORDS
from evals.frozen.situations import Situation, Situations, brief_of
from evals.frozen.watched import logged

_FILES: dict[str, bytes] = {
    "env.bom": b"\xef\xbb\xbfAI_SERVICE_MODEL=sandbox\n",
    "env.crlf": b"AI_SERVICE_MODEL=sandbox\r\nAI_SERVICE_MAX_ATTEMPTS=2\r\n",
    "env.export": b'export AI_SERVICE_MODEL="sandbox"\n',
    "env.comment": b"AI_SERVICE_MODEL=sandbox  # for now\n",
    "env.latin1": "# clé de test\nAI_SERVICE_MODEL=sandbox\n".encode("latin-1"),
}
# Any: the settings as they are
_RIGHT: dict[str, Callable[[Any], bool]] = {
    "set.padded_number": lambda settings: settings.deadline_s == 30,
    "env.crlf": lambda settings: settings.max_attempts == 2,
}
SECRETS = ("secretpw", "k-123")


async def play_settings(found: Situations, case: Situation) -> tuple[bool, str]:
    """Open a service as a case says and ask it for a reply; return whether that is as meant, and what was warned of.

    Raises what the layer raises.
    """
    name = case.id.removeprefix("r3.host.")
    async with Loopback() as stub:
        stub.set(_good)
        with _process(case, name, stub.base_url), logged() as lines, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            async with _service(name) as ai:
                right = _RIGHT.get(name, lambda settings: True)(ai.settings)
                if "code" not in case.exact:  # else it must not have opened
                    ids = await ai.add_brief(brief_of(found, case))
                    reply = await ai.suggest_reply(ids.business_id, WORDS, campaign_id=ids.campaign_id)
                    in_sandbox = "<stub>" not in str(case.input.get("environment"))
                    right = right and reply.sandbox == in_sandbox
    return right, "\n".join([*lines, *(str(warning.message) for warning in caught)])


def _service(name: str) -> AIService:
    if name == "set.models_dict":
        return AIService(Settings(model="sandbox", models={"content": "sandbox"}))
    return AIService.from_env()


async def _good(asked: Asked) -> Any:
    return good_reply(model="w")


@contextlib.contextmanager
def _process(case: Situation, name: str, stub_url: str) -> Generator[None]:
    """Let the process have the environment and the folder of a case."""
    kept, place = dict(os.environ), Path.cwd()
    with TemporaryDirectory() as folder:
        ours = re.compile(r"AI_SERVICE_|OPENAI_")
        given = _variables(case, stub_url)
        os.environ.clear()
        os.environ.update({key: value for key, value in kept.items() if not ours.match(key)})
        os.environ.update({"AI_SERVICE_DATABASE_URL": f"sqlite:///{folder}/own.db", **given})
        if name in _FILES:
            Path(folder, ".env").write_bytes(_FILES[name])
        if name == "env.directory":
            Path(folder, ".env").mkdir()
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(place)
            os.environ.clear()
            os.environ.update(kept)


def _variables(case: Situation, stub_url: str) -> dict[str, str]:
    if case.id.endswith("env.directory"):
        return {"AI_SERVICE_MODEL": "sandbox"}
    pairs = (word.partition("=") for word in shlex.split(str(case.input.get("environment", ""))))
    return {name: value.replace("<stub>", stub_url).replace("\\n", "\n") for name, _, value in pairs}
