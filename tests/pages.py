"""The README and the pages under `docs/`, and the blocks of code on them."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {"README.md": README, **{f"docs/{path.name}": path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}}
ALL = "\n".join(PAGES.values())

BLOCKS = [
    block for page in PAGES.values() for block in re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
]
"""The language and the text of each block."""
PYTHON = [text for language, text in BLOCKS if language == "python"]
SHELL = [line for language, text in BLOCKS if language != "python" for line in text.splitlines()]


def run_block(containing: str, **names: object) -> dict[str, object]:
    """Execute the one Python block that contains a text; return the names it defines."""
    (block,) = [block for block in PYTHON if containing in block]
    namespace: dict[str, object] = dict(names)
    exec(compile(block, containing, "exec"), namespace)
    return namespace
