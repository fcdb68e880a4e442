"""The command `creditgraph` for scripts of a shell: each call is forked instead of imported anew."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from threading import Thread

from tests.support.command_line import PATIENCE
from tests.support.forks import Forked

CALLER = """#!{python} -SE
import json, os, socket, sys
asked = {{"pid": os.getpid(), "folder": os.getcwd(), "environment": dict(os.environ), "arguments": sys.argv[1:]}}
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    server.sendall(json.dumps(asked).encode() + b"\\n")
    sys.exit(int(server.makefile().readline()))
"""


class Handler(StreamRequestHandler):
    """Runs what one call asks for, in the caller's folder and environment, and answers with the exit status."""

    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        # The caller's own output: a pipe or a file of the shell, opened once more.
        out, err = (Path("/proc", str(asked["pid"]), "fd", each) for each in ("1", "2"))
        forked = Forked(asked["arguments"], Path(asked["folder"]), asked["environment"], out, err)
        self.wfile.write(b"%d\n" % forked.wait(PATIENCE))


@contextmanager
def shell_command() -> Generator[Path]:
    """Yield a folder for the variable PATH that holds `creditgraph`."""
    with TemporaryDirectory(prefix="cg") as name:
        folder = Path(name)
        address = str(folder / "socket")
        caller = folder / "creditgraph"
        caller.write_text(CALLER.format(python=sys.executable, address=address), "utf-8")
        caller.chmod(0o755)
        with ThreadingUnixStreamServer(address, Handler) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            yield folder
            server.shutdown()
            thread.join()
