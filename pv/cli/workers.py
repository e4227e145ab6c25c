"""Maps a function over many things with several processes; the result never depends on how many."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final, TypeVar

ENOUGH: Final = 32
"""With fewer things than this to do, one process is done before a second has started."""

CHUNK: Final = 24
"""Things that a process takes at a time."""

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes_for(things: Sequence[object], jobs: int = 0) -> int:
    """Return how many processes `mapped` has for things: 1 where this one does them alone."""
    wanted = jobs or (cores() if len(things) >= ENOUGH else 1)
    return max(1, min(wanted, len(things)))


def mapped(
    function: Callable[[_Thing], _Result], things: Sequence[_Thing], jobs: int = 0, *, chunk: int = CHUNK
) -> Iterator[_Result]:
    """Yield the function's results in the order of the things.

    Where processes cannot be started, or one is killed, the rest is done here.

    Args:
        function: Picklable, like the things and the results; it raises nothing.
        things: What to apply it to.
        jobs: Processes; 0 for one a core where there is enough to do.
        chunk: The most things that a process takes at a time.
    """
    processes = processes_for(things, jobs)
    done = 0
    if processes > 1:
        for result in _parallel(function, things, processes, chunk):
            done += 1
            yield result
    yield from map(function, things[done:])


def _parallel(
    function: Callable[[_Thing], _Result], things: Sequence[_Thing], processes: int, chunk: int
) -> Iterator[_Result]:
    """Yield results while there are processes; what is left when they end is not done."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with (
        suppress(OSError, BrokenProcessPool),
        ProcessPoolExecutor(processes, mp_context=get_context(_start_method()), initializer=gc.disable) as pool,
    ):
        yield from pool.map(function, things, chunksize=min(chunk, -(-len(things) // processes)))


def _start_method() -> str:
    """`fork` is quick, and safe only where this is the one thread of its process."""
    from multiprocessing import get_all_start_methods

    try:
        alone = len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  a name is enough
    except OSError:
        alone = False
    others = [method for method in ("forkserver", "spawn") if method in get_all_start_methods()]
    return "fork" if alone else others[0]
