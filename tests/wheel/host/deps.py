"""What a shop's routes depend on."""

from sqlalchemy import Engine
from sqlmodel import Session, select

from models import Business


def businesses(engine: Engine) -> list[str]:
    """Return the names of the shop's businesses."""
    with Session(engine) as session:
        return list(session.exec(select(Business.name)))
