"""A post as it is returned, for tests of its further use."""

from typing import Any

from models.content import Post
from models.vocabulary import ContentType


# Any: the fields of a post, each of its own type
def published_post(*, caption: str, hashtags: list[str], script: str, **fields: Any) -> Post:
    """Return a post without a network, without flags; `fields` change the others."""
    text = f"{caption}\n\n{' '.join(hashtags)}"
    values = {"network": None, "content_type": ContentType.POST, "text": text, "link": None, **fields}
    lists: dict[str, list[Any]] = {"flags": [], "quality": [], "variants": []}
    return Post.model_validate({"caption": caption, "hashtags": hashtags, "script": script, **lists, **values})
