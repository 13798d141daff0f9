"""Where a shop keeps its rows."""

from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlmodel import Session, SQLModel, create_engine

from models import Business


def open_shop(file: Path) -> Engine:
    """Create the shop's tables with one row."""
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Business(name="Levain & Fils"))
        session.commit()
    return engine


def tables(engine: Engine) -> set[str]:
    """Return the names of all tables in the file."""
    return set(inspect(engine).get_table_names())
