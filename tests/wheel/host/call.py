"""A host's program: its own modules and tables, and all five features on the same database file."""

import asyncio
from pathlib import Path

import yaml
from ai_service.examples import LEVAIN

import ai_service
from agents import agent_of
from ai_service import AIService, Brief
from deps import businesses
from storage import open_shop, tables


async def call_each_feature(folder: Path) -> None:
    """Take the example through the five features beside the host's own rows."""
    file = folder / "shop.db"
    shop = open_shop(file)
    own = tables(shop)
    brief = Brief.model_validate(yaml.safe_load(LEVAIN.read_text(encoding="utf-8")))
    async with AIService.from_env(model="sandbox", database_url=f"sqlite:///{file}") as ai:
        ids = await ai.add_brief(brief)
        strategy = await ai.generate_strategy(ids.business_id, ids.campaign_id, user_id=agent_of(brief.business.name))
        post = await ai.generate_content(ids.business_id, ids.campaign_id, 1)
        script = await ai.generate_video_script(ids.business_id, ids.campaign_id, 2)
        reply = await ai.suggest_reply(ids.business_id, "Bonjour, êtes-vous ouverts le dimanche ?")
        image = await ai.generate_image(ids.business_id, ids.campaign_id, 1)

        assert len(strategy.output.calendar) == 30
        assert post.output.caption and script.output.hook and reply.output.reply
        assert image.output.width > 0
        assert len(await ai.attempts(limit=100)) == len(strategy.attempts) + 4
    assert businesses(shop) == ["Levain & Fils"]
    assert {name for name in tables(shop) - own if not name.startswith("ai_")} == set()
    shop.dispose()
    assert "site-packages" in Path(ai_service.__file__).parts


if __name__ == "__main__":
    asyncio.run(call_each_feature(Path.cwd()))
    print(f"ai_service {ai_service.__version__}: all five features answered from the wheel")  # noqa: T201
