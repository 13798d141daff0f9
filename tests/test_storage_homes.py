"""Where no server answers, the tests that need one say so; on CI they fail."""

import socket

import pytest

from tests.storage_homes import need_server


@pytest.mark.parametrize(("on_ci", "outcome"), [(False, pytest.skip.Exception), (True, pytest.fail.Exception)])
def test_a_missing_server_skips_a_test_and_fails_it_on_ci(on_ci: bool, outcome: type[BaseException]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(outcome, match=r"no PostgreSQL for tests \(set TEST_POSTGRES_URL\): .*refused|failed"):
        need_server(f"postgresql://127.0.0.1:{port}/test", on_ci=on_ci)
