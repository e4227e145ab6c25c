"""Carries out a bisection.

(1) open both systems  (2) give both each input  (3) hold every operation against its budget  (4) shrink the input
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pv.binding import Packages
from pv.bisect.compare import Gap, Trace, budgets, comparable, compared
from pv.bisect.inputs import drawn
from pv.bisect.name import SAVED, SystemName
from pv.bisect.saved import read_trace
from pv.bisect.smallest import Smallest, smallest
from pv.bisect.suspect import Trial, try_suspects
from pv.bisect.tracer import Disturbed, Tracer, opened
from pv.errors import UsageError
from pv.trial.progress import Progress

STAGES: Final = ("opening", "comparing", "shrinking")
DISTURBANCES: Final = 3
"""Runs with rounding of their own, from which a budget is taken."""

Tokens = tuple[int, ...]
Side = Tracer | Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be compared, on what."""

    first: SystemName
    second: SystemName
    """The reference."""

    tokens: Tokens | None = None
    text: str | None = None
    inputs: int = 0
    """Random inputs, where neither tokens nor a text are given."""

    length: int = 32
    """Ids of a random input."""

    positions: tuple[int, int] | None = None
    """First position that is compared, and the one after the last; all where None."""

    suspects: tuple[str, ...] = ()
    """Tensors that are tried as the cause."""

    tries: int = 100
    """Inputs that are tried at most to find a smaller one; 0 leaves the input as it is."""

    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bisection:
    """What was found."""

    request: Request
    dtypes: tuple[str, str]
    platforms: tuple[str, str]
    tokens: Tokens
    """The input on which the systems part, else the one on which they came nearest to a budget."""

    inputs: int
    """How many were tried, that one included."""

    gaps: tuple[Gap, ...]
    """Of that input, in the order of execution."""

    smallest: Smallest | None = None
    trial: Trial | None = None
    """Of the suspects, where there are any."""

    @property
    def divergence(self) -> Gap | None:
        """The first operation that rounding does not explain."""
        return next((gap for gap in self.gaps if gap.diverges), None)

    @property
    def nearest(self) -> Gap:
        """The operation that came nearest to its budget, or went farthest beyond it."""
        return max(self.gaps, key=lambda gap: gap.share)


def bisect(request: Request, packages: Packages, scratch: Path, progress: Progress) -> Bisection:
    """Compare two systems and name the first operation at which they part.

    Raises:
        UsageError: A system or an input cannot be had, or the two are not comparable.
        BindingError: A mutant does not apply.
        PvError: A system failed.
    """
    _check(request)
    began = time.monotonic()
    scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="bisect-", dir=scratch) as work, ExitStack() as stack:
        sides = [  # (1)
            read_trace(name.path)
            if name.kind == SAVED
            else stack.enter_context(opened(name, Path(work, side), packages, scratch))
            for side, name in (("a", request.first), ("b", request.second))
        ]
        live = [side for side in sides if isinstance(side, Tracer)]
        progress.begin(dict.fromkeys(STAGES, 5.0))
        progress.stage("opening")
        for side in live:
            side.wait()
        found = _Comparison(request=request, first=sides[0], second=sides[1]).run(progress)
        progress.end("bisection", time.monotonic() - began, cached=False)
        return found


def _check(request: Request) -> None:
    """Raise UsageError where the two systems, whatever they are, cannot be asked for this."""
    kinds = (request.first.kind, request.second.kind)
    if kinds == (SAVED, SAVED):
        fix = "give one of them as the system that made it"
        raise UsageError("pv bisect", "two saved traces leave no system to derive a budget from", fix)
    if request.suspects and (SAVED in kinds or kinds[0] != kinds[1]):
        what = f"{kinds[0]} and {kinds[1]} do not exchange tensors by name"
        raise UsageError("--suspect", what, "name two checkpoints of one trainer, or of the oracle")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """Two systems that are open."""

    request: Request
    first: Side
    second: Side

    def run(self, progress: Progress) -> Bisection:
        """Try every input until one shows a divergence, and shrink that; else the one that came nearest."""
        tried: list[Bisection] = []
        inputs = self._inputs()
        progress.stage("comparing")
        for number, tokens in enumerate(inputs, start=1):
            progress.line(f"input {number} of {len(inputs)}", number, len(inputs))
            tried.append(self._on(tokens, number))  # (2) (3)
            if tried[-1].divergence:
                return self._tried(self._shrunk(tried[-1], tried[-1].divergence, progress))  # (4)
        return self._tried(replace(max(tried, key=lambda one: one.nearest.share), inputs=len(tried)))

    def _tried(self, found: Bisection) -> Bisection:
        """The same with the trial of the suspects."""
        names, first, second = self.request.suspects, self.first, self.second
        if not names or isinstance(first, Trace) or isinstance(second, Trace):
            return found
        budget = found.gaps[-1].budget
        return replace(found, trial=try_suspects(first, second, names, found.tokens, budget))

    def _live(self) -> list[Tracer]:
        return [side for side in (self.second, self.first) if isinstance(side, Tracer)]

    def _inputs(self) -> list[Tokens]:
        """The ids of the request; of a text those that both systems give it."""
        request = self.request
        if request.tokens is not None:
            return [request.tokens]
        if request.text is None:
            vocabulary = min(one.vocabulary for one in self._live())
            return drawn(request.inputs, request.length, vocabulary, request.seed)
        (name, ids), *others = ((one.name.text, one.ids(request.text)) for one in self._live())
        for other, found in others:
            if found != ids:
                what = f"the text is {len(ids)} tokens to {name} and {len(found)} others to {other}"
                raise UsageError("not comparable", what, "give --tokens that mean the same to both")
        if not ids:
            raise UsageError("--text", "has no tokens", "give a longer one")
        return [ids]

    def _on(self, tokens: Tokens, number: int = 1) -> Bisection:
        """Both systems on one input."""
        positions = self.request.positions or (0, len(tokens))
        if not 0 <= positions[0] < positions[1] <= len(tokens):
            what = "{}:{} are not among {} tokens".format(*positions, len(tokens))
            raise UsageError("--positions", what, "give FIRST and STOP, at least one place apart")
        found, reference = (
            side.trace(tokens, positions) if isinstance(side, Tracer) else side for side in (self.first, self.second)
        )
        comparable(found, reference)
        return Bisection(
            request=self.request,
            dtypes=(found.dtype, reference.dtype),
            platforms=(found.platform, reference.platform),
            tokens=tokens,
            inputs=number,
            gaps=compared(found, reference, self._allowed(tokens, positions, found, reference)),
        )

    def _allowed(self, tokens: Tokens, positions: tuple[int, int], found: Trace, reference: Trace) -> tuple[float, ...]:
        """The budget of every operation, by disturbing the reference; or the other where the reference is saved."""
        system, dtypes = self._live()[0], (found.dtype, reference.dtype)
        plain = reference if system is self.second else found
        seeds = range(DISTURBANCES)
        return budgets(plain, [system.trace(tokens, positions, Disturbed(seed=one, dtypes=dtypes)) for one in seeds])

    def _shrunk(self, found: Bisection, divergence: Gap, progress: Progress) -> Bisection:
        """The same with the smallest input on which the systems part at the same operation first."""
        request, live = self.request, self._live()
        if not request.tries or request.positions or len(live) < 2:
            return found
        progress.stage("shrinking")
        tried = count(1)

        def gap_on(tokens: Tokens) -> Gap | None:
            progress.line(f"{len(tokens)} tokens", next(tried), request.tries)
            gap = self._on(tokens).divergence
            return gap if gap and gap.name == divergence.name else None

        vocabulary = min(one.vocabulary for one in live)
        small = smallest(gap_on, found.tokens, vocabulary, tries=request.tries, seed=request.seed)
        return replace(found, smallest=small)
