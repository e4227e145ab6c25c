"""Being asked to stop: Ctrl-C and SIGTERM, taken note of instead of died from."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def noted_signals() -> Iterator[list[str]]:
    """The names of the signals that came so far; after the first, the next one acts as it did before.

    Outside the main thread, where Python delivers none, the list stays empty.
    """
    names: list[str] = []
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in STOPPING if main}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _: Any) -> None:
        names.append(signal.Signals(number).name)
        restore()

    for number in before:
        signal.signal(number, note)
    try:
        yield names
    finally:
        restore()
