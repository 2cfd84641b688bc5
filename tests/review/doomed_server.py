"""Serves a study's page until a key press is about to be stored, and is killed in that moment."""

import os
import signal
import sys
from pathlib import Path

import uvicorn

import study.decisions
from review.app import create_app
from study.folder import open_study

folder, port = Path(sys.argv[1]), int(sys.argv[2])
DOOM = folder / "doom"
refresh = study.decisions.refresh_queue_item


def refresh_and_die(*arguments):
    """End the process when all is written and the transaction has not come to its end."""
    refresh(*arguments)
    if DOOM.exists():
        DOOM.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


study.decisions.refresh_queue_item = refresh_and_die
uvicorn.run(create_app(open_study(folder)), host="127.0.0.1", port=port, log_level="error")
