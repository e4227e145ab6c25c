"""Progress in a log, and on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from aprtrain import progress

PROGRAM = """
import sys, time
from aprtrain.progress import Progress
one = Progress("train", 40, unit="steps", done=10)
for step in range(30):
    time.sleep(0.02)
    one.advance(1, f"loss {step}")
    if step == 20:
        print("a line of its own", flush=True)
one.finish()
"""


def test_a_log_gets_control_characters(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LOG_INTERVAL_S", 0)
    one = progress.Progress("train", 4000, unit="steps", done=2000)
    one.advance(500, "loss 3.2")
    one.finish()
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("train: 2,500 of 4,000 steps")
    assert first.endswith("loss 3.2")
    assert last.startswith("train: 2,500 of 4,000 steps in ")


def test_a_bar_swallows_what_others_print():
    """On a terminal the bar moves and goes; a line printed meanwhile reaches standard output, as a file or here."""
    leader, follower = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=follower,
        timeout=60,
        check=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    assert ended.stdout == b"a line of its own\n"
    assert b"of 40 steps" in shown
    assert b"train: 40 of 40 steps in " in shown
