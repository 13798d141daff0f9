"""Run by `make wheel` with only the installed wheel: all five features, from another directory."""

import asyncio
from importlib.metadata import version
from pathlib import Path

import yaml

import ai_service
from ai_service import AIService, Brief


async def call_each_feature() -> None:
    brief = Brief.model_validate(yaml.safe_load(Path("levain.yaml").read_text(encoding="utf-8")))
    async with AIService.from_env(model="sandbox") as ai:
        ids = await ai.add_brief(brief)
        strategy = await ai.generate_strategy(ids.business_id, ids.campaign_id)
        post = await ai.generate_content(ids.business_id, ids.campaign_id, 1)
        script = await ai.generate_video_script(ids.business_id, ids.campaign_id, 2)
        reply = await ai.suggest_reply(ids.business_id, "Bonjour, êtes-vous ouverts le dimanche ?")
        image = await ai.generate_image(ids.business_id, ids.campaign_id, 1)

        assert len(strategy.output.calendar) == 30
        assert post.output.caption and script.output.hook and reply.output.reply
        assert image.output.width > 0
        assert len(await ai.attempts(limit=100)) == len(strategy.attempts) + 4
    assert ".venv" not in ai_service.__file__


asyncio.run(call_each_feature())
print(f"marketing-ai-service {version('marketing-ai-service')}: all five features answered from the wheel")  # noqa: T201
