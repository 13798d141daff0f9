"""The fixture that runs a test once on SQLite and once on PostgreSQL. For `pytest_plugins` of test modules."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.storage_homes import (
    Home,
    PostgresHome,
    SqliteHome,
    copy_of,
    create_database,
    delete_rows,
    drop_database,
    migrate_to,
    need_server,
    run,
)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("storage") / "template.db"
    run(migrate_to(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def migrated_server() -> Generator[str]:
    need_server()
    url = run(create_database())
    yield run(migrate_to(url))
    run(drop_database(url))


@pytest.fixture
def sqlite_home(migrated_file: Path, tmp_path: Path) -> SqliteHome:
    return copy_of(migrated_file, tmp_path / "x.db")


@pytest.fixture
def postgres_home(migrated_server: str) -> PostgresHome:
    run(delete_rows(migrated_server))
    return PostgresHome(migrated_server)


@pytest.fixture(params=["sqlite_home", "postgres_home"])
def home(request: pytest.FixtureRequest) -> Home:
    return request.getfixturevalue(request.param)
