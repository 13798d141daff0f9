"""PgBouncer before the PostgreSQL of the tests, in transaction mode, where it is installed."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
_CONNECTIONS = 3
"""Connections to the server: fewer than callers, so that each transaction may get another one."""


@asynccontextmanager
async def pooler(url: str, folder: Path) -> AsyncGenerator[str]:
    """Yield the URL of the database behind a new PgBouncer, without options."""
    server = make_url(url)
    port = _free_port()
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"""\
[databases]
* = host={server.host} port={server.port or 5432} user={server.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {_CONNECTIONS}
"""
    )
    config.chmod(0o644)
    assert PROGRAM is not None
    # it refuses to run as root
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = await asyncio.create_subprocess_exec(PROGRAM, *user, str(config), stderr=asyncio.subprocess.PIPE)
    try:
        assert process.stderr is not None
        async for line in process.stderr:
            if b"process up" in line:
                break
        yield server.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        process.terminate()
        await process.communicate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
