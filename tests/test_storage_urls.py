"""Which database URLs are taken, and what is said of the others."""

from pathlib import Path

import pytest

from storage.engine import create_engine
from storage.failures import DatabaseUrlError
from storage.migrate import migrate
from storage.urls import checked, lock_wait_s


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x"])
def test_refuses_books_kept_in_memory(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="lost with the process"):
        create_engine(url)


def test_refuses_other_databases_by_name_without_showing_the_password() -> None:
    with pytest.raises(DatabaseUrlError, match="'mysql'") as raised:
        create_engine("mysql://root:hunter2@localhost/x")

    assert "hunter2" not in str(raised.value)


def test_refuses_an_unreadable_url_without_showing_it() -> None:
    with pytest.raises(DatabaseUrlError, match="malformed") as raised:
        create_engine("hunter2@localhost")

    assert "hunter2" not in str(raised.value)


def test_refuses_a_file_in_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError, match=r"folder of the database .*missing.*create it"):
        create_engine(f"sqlite:///{tmp_path}/missing/x.db")


def test_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError, match="is a folder: name a file"):
        create_engine(f"sqlite:///{tmp_path}")


async def test_stays_with_its_file_when_the_working_directory_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    engine = create_engine("sqlite:///x.db")
    monkeypatch.chdir(tmp_path / "elsewhere")

    await migrate(engine)
    await engine.dispose()

    assert [file.name for file in tmp_path.rglob("*.db")] == ["x.db"]
    assert (tmp_path / "x.db").exists()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+asyncpg", "postgres"])
def test_takes_postgresql_by_each_of_its_names(scheme: str) -> None:
    assert checked(f"{scheme}://u:p@h:1/d").render_as_string() == "postgresql+asyncpg://u:***@h:1/d"


@pytest.mark.parametrize(("query", "seconds"), [("", 5), ("?timeout=0.5", 0.5), ("?timeout=0", 0)])
def test_the_url_says_how_long_a_lock_is_waited_for(query: str, seconds: float) -> None:
    assert lock_wait_s(checked(f"postgresql://h/d{query}")) == seconds


def test_refuses_a_timeout_that_is_no_number() -> None:
    with pytest.raises(DatabaseUrlError, match="timeout='soon' in the database URL is not a number of seconds"):
        create_engine("postgresql://h/d?timeout=soon")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://u:hunter2@h/d?sslmode=maybe",
            "sslmode='maybe' in the database URL: write one of",
        ),
        ("postgresql://u:hunter2@h/d?ssl=on", "ssl='on' in the database URL: write one of"),
        (
            "postgresql://u:hunter2@h/d?sslmod=require",
            "the option 'sslmod' of the database URL is unknown for postgresql",
        ),
        ("postgresql://u:hunter2@h:99999/d", "port 99999 in the database URL is out of range"),
        ("sqlite:///x.db?schema=ai", "the option 'schema' of the database URL is unknown for sqlite"),
        ("postgresql://u:hunter2@h/d?schema=a-b", "schema='a-b' in the database URL is not a schema's name"),
        (f"postgresql://u:hunter2@h/d?schema={'a' * 64}", "is not a schema's name: write 1 to 63 letters"),
        ("postgresql://u:hunter2@h:port/d", "the database URL is malformed"),
    ],
)
def test_refuses_what_the_driver_would_stumble_over_and_names_it(url: str, said: str) -> None:
    with pytest.raises(DatabaseUrlError, match=said) as raised:
        create_engine(url)

    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-full"])
def test_takes_the_ssl_modes_of_postgresql(mode: str) -> None:
    assert checked(f"postgresql://h/d?sslmode={mode}").query["sslmode"] == mode
