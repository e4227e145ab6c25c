"""Makes every CPU-level bundle again: the honest run of each contract, and one under every declared mutant.

Bundles of the same contract, profile and mutant that were there before are removed once the new one is kept.
An interrupted call goes on where it stopped when it is repeated.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from pv.contract import Contract, load_all
from pv.evidence import Opened, find_bundles, open_bundle, stale_reasons

ROOT = Path(__file__).parents[1]
EVIDENCE = ROOT / "evidence"


def main() -> int:
    """Run what is missing or stale; return 1 if a run ended otherwise than with a verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="cpu", help="profile of the contracts to run (default: cpu)")
    parser.add_argument("--again", action="store_true", help="run even what is fresh")
    arguments = parser.parse_args()
    done = True
    for loaded in load_all([ROOT / "contracts"]).files:
        contract = loaded.contract
        if contract is None or contract.system is None or arguments.profile not in contract.system.profiles:
            continue
        declared = sorted({name for claim in contract.claims for name in claim.counter_example_classes})
        for mutant in (None, *declared):
            old = _bundles(loaded.path.stem, arguments.profile, mutant)
            if not arguments.again and any(_fresh(opened, contract) for opened in old):
                print(f"fresh  {loaded.path.stem} {arguments.profile} {mutant or 'honest'}", flush=True)
                continue
            done &= _run(contract, loaded.path.stem, arguments.profile, mutant, [opened.path for opened in old])
    return 0 if done else 1


def _bundles(stem: str, profile: str, mutant: str | None) -> list[Opened]:
    found = []
    for opened in map(open_bundle, find_bundles(EVIDENCE, stem)):
        if opened.bundle is None:
            continue
        planted = (opened.bundle.run.get("mutant") or {}).get("name")
        if opened.bundle.run.get("profile") == profile and planted == mutant:
            found.append(opened)
    return found


def _fresh(opened: Opened, contract: Contract) -> bool:
    if opened.bundle is None or opened.faults:
        return False
    claims = [claim for claim in contract.claims if not claim.planned]
    return not any(stale_reasons(opened.bundle, claim, contract) for claim in claims)


def _run(contract: Contract, stem: str, profile: str, mutant: str | None, old: list[Path]) -> bool:
    claim = max(contract.claims, key=lambda claim: len(claim.counter_example_classes))
    command = [sys.executable, "-m", "pv", "discharge", claim.id, "--run", "--keep", "--profile", profile]
    command += ["--device", "cpu", "--format", "json", *(["--mutant", mutant] if mutant else [])]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if not ended.stdout.strip():
        print(f"failed {stem} {profile} {mutant or 'honest'}: exit status {ended.returncode}", flush=True)
        return False
    payload = json.loads(ended.stdout)
    print(f"made   {stem} {profile} {mutant or 'honest'}: {payload['verdict']}", flush=True)
    for path in old:
        if path.name != Path(payload["bundle"]).name:
            shutil.rmtree(path)
    return True


if __name__ == "__main__":
    sys.exit(main())
