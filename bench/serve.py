"""Serves a study's page on loopback from a process of its own, as `themeloop up` does."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import uvicorn

from pipeline.gaps import find_gaps
from review.app import create_app
from study.errors import StudyError
from study.folder import open_study

HOST = "127.0.0.1"
STOP_SECONDS = 10


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Serve the study in FOLDER until stopped; the first line says at which address."""
    # Named, or asyncio does not know it for one to send at once on, and each answer waits 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind((HOST, 0))
        app = create_app(open_study(folder), find_gaps=find_gaps)
        # Before the address is told: whoever is quicker than the server waits for it.
        listener.listen()
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        click.echo(f"http://{HOST}:{listener.getsockname()[1]}")
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def serve_in_a_process(folder: Path) -> Iterator[str]:
    """Serve a study's page from a process of its own; give its address.

    Raises:
        StudyError: It did not start; the process has said why.
    """
    command = [sys.executable, "-m", "bench.serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            if not address:
                raise StudyError("The page could not be served: see what its process said.")
            yield address
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


if __name__ == "__main__":
    main()
