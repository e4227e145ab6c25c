"""The run was meant for an accelerator, and nothing shows that it used one.

What it hunts: runs that were asked to compute on an accelerator and computed on the CPU, or that say they computed on a
GPU of which their process never held memory.
Why: where a driver or a wheel is missing, libraries fall back to the CPU without a word; times and throughput are then
those of another machine.
How it looks: what was asked for and what was found, or the process and the number of samples without it.
What to do: ask for the accelerator alone (JAX_PLATFORMS=cuda) so that its absence is an error; sample the driver where
process ids are those of the run.
Blind spots: a process that holds memory of a GPU and computes elsewhere. TPUs, whose driver is not sampled, and runs
without samples are not judged.
Source: jax-ml/jax issue 29068: without its plugin the backend is the CPU, and nothing is raised.
"""

from collections.abc import Iterator
from itertools import pairwise

from pv.evidence import resident_on_gpu
from pv.evidence.fields import part
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

ACCELERATORS = frozenset({"gpu", "cuda", "rocm", "tpu"})


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Compare what was asked for with what was found, and look for the process among the samples."""
    if not case.of_a_run:
        return
    device = part(case.bundle.run, "device")
    found, asked = str(device.get("platform") or "")[:40], _asked(case)
    if not found:
        yield RULE.not_judged("the device is not recorded")
    elif found not in ACCELERATORS and asked:
        yield RULE.finding(f"{asked} was asked for, the run computed on {found}", "raw/run.json")
    elif found in ACCELERATORS and (found == "tpu" or not case.bundle.device):
        yield RULE.not_judged(f"no samples of the driver say who used the {found}")
    elif found in ACCELERATORS and not resident_on_gpu(case.bundle):
        samples = len(case.bundle.device)
        yield RULE.finding(
            f"none of {samples} samples shows process {str(device.get('pid'))[:40]} on a GPU", "raw/device.csv"
        )


def _asked(case: Case) -> str:
    """Return the accelerator that was asked for without leave to fall back; empty where none was."""
    run = case.bundle.run
    argv = run.get("argv")
    words = [str(word) for word in argv] if isinstance(argv, list) else []
    asked = [value for flag, value in pairwise(words) if flag == "--device"]
    asked += [word.removeprefix("--device=") for word in words if word.startswith("--device=")]
    asked += [str(part(run, "config").get("platform")), str(part(run, "flags").get("JAX_PLATFORMS"))]
    return next((one for one in asked if set(one.split(",")) <= ACCELERATORS), "")


RULE = Rule(id="silent-cpu", effect=Effect.CAPS, page=__doc__, check=check)
