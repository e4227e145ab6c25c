"""The kill matrix in words, as JSON, and as a heat map."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pv.power import Cell, Clean, Fault, Matrix, Naive, Row, State
from pv.power.model import Alarm
from pv.view.heat import power_page
from pv.view.json import dump
from pv.view.layout import Screen
from pv.view.power import Repeat, power_payload, power_text

GOLDEN = Path(__file__).parent / "golden" / "power.json"
HOSTILE = "<script>alert('x')</script>\x1b[31m"


def _fault(name: str, group: str, state: State, *killers: str, note: str = "") -> Fault:
    return Fault(
        name=name, group=group, summary=f"{name} is planted", modules=("m",), state=state, killers=killers, note=note
    )


@pytest.fixture
def matrix() -> Matrix:
    """Two falsifiers of a run and four mutants, one of each fate."""
    cells = (
        Cell(claim="F-1", mutant="unk-corpus", state=State.KILLED, declared=True, by=("causality",), bundle="b-1"),
        Cell(claim="F-2", mutant="unk-corpus", state=State.KILLED, declared=False, by=("entropy",), bundle="b-1"),
        Cell(claim="F-1", mutant="eval-cached", state=State.SURVIVED, declared=True, bundle="b-2"),
        Cell(claim="F-2", mutant="lost-rng", state=State.EQUIVALENT, declared=True, note="as honest", bundle="b-3"),
        Cell(claim="F-2", mutant="gqa-tiled", state=State.CRASHED, declared=True, note="crashed: x", bundle="b-4"),
    )
    return Matrix(
        rows=(
            Row(claim="F-1", contract="C", falsifier="empty-loss", laws=("causality",), about="run"),
            Row(claim="F-2", contract="C", falsifier="thin-corpus", laws=("entropy",), about="run"),
        ),
        faults=(
            _fault("eval-cached", "evaluation", State.SURVIVED),
            _fault("gqa-tiled", "loading", State.CRASHED, note="crashed: x"),
            _fault("lost-rng", "checkpoint", State.EQUIVALENT, note="as honest"),
            _fault("unk-corpus", "data", State.KILLED, "empty-loss", "thin-corpus"),
        ),
        cells=cells,
        clean=Clean(
            bundles=30,
            training_runs=30,
            judgements=60,
            seeds=(0, 1, 2),
            recipes=("micro",),
            corpora=("stdlib",),
            alarmed=1,
            alarms=(Alarm(claim="F-2", bundle="b-0", by=("entropy",)),),
        ),
        naive=(
            Naive(mutant="eval-cached", bundle="b-2", loss=11.0, bound=9.38, passes=False),
            Naive(mutant="unk-corpus", bundle="b-1", loss=0.0008, bound=9.38, passes=True),
        ),
        path=("m", "n"),
    )


REPEATS = (
    Repeat(claim="F-1", mutant="unk-corpus", recorded=State.KILLED, repeated=State.KILLED),
    Repeat(claim="F-1", mutant="eval-cached", recorded=State.SURVIVED, repeated=State.KILLED, note="n"),
)


def test_the_text(matrix: Matrix) -> None:
    """What was not killed comes first; the rates come last, with their intervals."""
    assert power_text(matrix, Screen(width=110), REPEATS).splitlines() == [
        "mutants, worst first",
        "  state       mutant       group       naive gate  killed by, or why not",
        "  survived    eval-cached  evaluation  stops       eval-cached is planted",
        "  crashed     gqa-tiled    loading     -           crashed: x",
        "  equivalent  lost-rng     checkpoint  -           as honest",
        "  killed      unk-corpus   data        passes      empty-loss, thin-corpus",
        "",
        "falsifiers and the mutants that their claims declare",
        "  killed  falsifier    claim  the others",
        "  0 of 2  thin-corpus  F-2    1 equivalent, 1 crashed",
        "  1 of 2  empty-loss   F-1    1 survived",
        "",
        "declared, and not killed by the claim's own falsifier",
        "  state       mutant       why         claims",
        "  survived    eval-cached              F-1",
        "  crashed     gqa-tiled    crashed: x  F-2",
        "  equivalent  lost-rng     as honest   F-2",
        "",
        "falsifiers all of whose kills others make too",
        "  empty-loss, thin-corpus",
        "",
        "alarms on clean runs",
        "  claim  bundle  struck",
        "  F-2    b-0     entropy",
        "",
        "modules of the runs in which no mutant was killed",
        "  n",
        "",
        "groups of faults",
        "  group       killed",
        "  data        1 of 1",
        "  loading     0 of 1",
        "  evaluation  0 of 1",
        "  checkpoint  0 of 0  1 equivalent",
        "",
        "the naive gate, val_loss < bound alone",
        "  naive gate  mutant       reported loss      bound   here",
        "  passes      unk-corpus   0.0008 nats/token  < 9.38  killed",
        "  stops       eval-cached  11 nats/token      < 9.38  survived",
        "",
        "run again",
        "  same     unk-corpus   F-1  killed",
        "  differs  eval-cached  F-1  kept as survived, now killed  n",
        "",
        "4 mutants: 1 survived, 1 crashed, 1 equivalent, 1 killed",
        "killed 1 of 3, 33.3%, interval 6.1% to 79.2%, of those not equivalent",
        "1 false alarm on 30 clean runs, 30 of them of the trainer; 1 of 30, 3.3%, interval 0.6% to 16.7%",
        "clean over the seeds 0, 1, 2; the recipes micro; the corpora stdlib",
    ]


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_line_wider_than_the_screen(width: int, matrix: Matrix) -> None:
    assert max(map(len, power_text(matrix, Screen(width=width), REPEATS).splitlines())) <= width


def test_the_payload(matrix: Matrix) -> None:
    """Where this differs on purpose, write the golden file anew from what is printed."""
    assert dump(power_payload(matrix, REPEATS)) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_a_summary_that_counts_otherwise(matrix: Matrix) -> None:
    summary = power_payload(matrix)["summary"]
    wanted = {"mutants": 4, "killed": 1, "equivalent": 1, "clean_runs": 30, "false_alarms": 1, "naive_gate_passed": 1}
    assert {name: summary[name] for name in wanted} == wanted
    assert (summary["kill_rate"]["of"], summary["kill_rate_of_all"]["of"]) == (3, 4)


class _Page(HTMLParser):
    """Tags of a page with their attributes, each closed in the order it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_heat_map(matrix: Matrix) -> None:
    """Each cell has its letter, class and title; the page is balanced."""
    text = power_page(matrix, REPEATS)
    page = _Page(text)
    assert page.open == []
    cells = {attrs.get("title"): attrs.get("class") for tag, attrs in page.seen if tag == "td" and attrs.get("title")}
    assert cells == {
        "F-1 under unk-corpus: killed (causality)": "killed",
        "F-2 under unk-corpus: killed (entropy)": "killed other",
        "F-1 under eval-cached: survived": "survived",
        "F-2 under lost-rng: equivalent (as honest)": "equal",
        "F-2 under gqa-tiled: crashed (crashed: x)": "crashed",
    }


def test_a_page_that_loads_or_runs(matrix: Matrix) -> None:
    """Names from evidence of others stay text."""
    hostile = Cell(claim="F-1", mutant="lost-rng", state=State.SURVIVED, declared=True, note=HOSTILE)
    cells = (*matrix.cells, hostile)
    text = power_page(
        Matrix(**{name: getattr(matrix, name) for name in ("rows", "faults", "clean", "naive", "path")}, cells=cells)
    )
    page = _Page(text)
    assert {tag for tag, _ in page.seen} & {"script", "img", "link", "iframe"} == set()
    assert not any(name.startswith("on") or name in {"src", "href"} for _, attrs in page.seen for name in attrs)
    assert "\x1b" not in text


def test_a_matrix_of_nothing() -> None:
    """Nothing run is nothing known: no rate, and the whole interval."""
    clean = Clean(bundles=0, training_runs=0, judgements=0, seeds=(), recipes=(), corpora=(), alarmed=0, alarms=())
    empty = Matrix(rows=(), faults=(), cells=(), clean=clean, naive=(), path=())
    assert power_text(empty, Screen()).splitlines() == [
        "0 mutants: none",
        "killed 0 of 0, of those not equivalent",
        "0 false alarms on 0 clean runs, 0 of them of the trainer; 0 of 0",
    ]
    summary = json.loads(dump(power_payload(empty)))["summary"]
    assert summary["kill_rate"] == {"hits": 0, "of": 0, "share": None, "lower": 0.0, "upper": 1.0}
