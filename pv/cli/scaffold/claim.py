"""Adds a claim to a contract that exists, and checks the result before it takes the file's place."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pv.cli.project import Project
from pv.cli.scaffold.append import with_claim
from pv.cli.scaffold.contract import claim_block
from pv.cli.scaffold.files import refuse_outside, replace_whole
from pv.cli.scaffold.names import Name
from pv.contract import Contract, Loaded, load, load_all
from pv.errors import UsageError


def add_claim(project: Project, name: Name, reference: str) -> tuple[Path, str]:
    """Append a planned claim to a contract; return its file and the id of the claim.

    Args:
        project: The project that the contract must lie in.
        name: Alias of the claim; the id has the contract's prefix and the next number.
        reference: Contract's id, file name or path; empty where the project has only one.

    Raises:
        UsageError: There is no one such contract, the name is taken, or the file cannot be added to.
    """
    files = load_all([project.contracts]).files if project.contracts.exists() else ()
    loaded, contract = _chosen(files, reference)
    taken = {word for file in files if file.contract for one in file.contract.claims for word in (one.id, *one.aliases)}
    if name.kebab in taken:
        raise UsageError("NAME", f"a claim is called {name.kebab} already", "choose another name")
    claim_id = next_id(contract, loaded.path.stem, taken)
    path = Path(os.path.realpath(loaded.path))
    refuse_outside(project.root, {path: None})
    text = _text(path)
    block = claim_block(claim_id, name.kebab, legacy=contract.legacy)
    content = with_claim(text, block, str(loaded.path)).encode()
    _check(loaded, contract, path, content, claim_id)
    replace_whole(path, content)
    return loaded.path, claim_id


def next_id(contract: Contract, stem: str, taken: set[str]) -> str:
    """An id with the prefix that the contract's last numbered claim has, and the next free number."""
    numbered = [match for claim in contract.claims if (match := re.fullmatch(r"(.*-)(\d+)", claim.id))]
    prefix = numbered[-1][1] if numbered else f"FALSIFY-{re.sub(r'-v[0-9]+$', '', stem).upper()}-"
    mine = [match for match in numbered if match[1] == prefix]
    number = max((int(match[2]) for match in mine), default=0) + 1
    width = len(mine[-1][2]) if mine else 3
    while f"{prefix}{number:0{width}d}" in taken:
        number += 1
    return f"{prefix}{number:0{width}d}"


def _chosen(files: Sequence[Loaded], reference: str) -> tuple[Loaded, Contract]:
    readable = [(file, file.contract) for file in files if file.contract]
    where = Path(reference)
    found = [
        (file, contract)
        for file, contract in readable
        if not reference
        or reference in {contract.id, file.path.stem, file.path.name}
        or os.path.realpath(where) == os.path.realpath(file.path)
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(file.path.stem for file, _ in readable[:12]) or "none; write one with pv new contract NAME"
    what = f"{len(found)} contracts have that name" if reference else f"the project has {len(readable)} contracts"
    raise UsageError(f"--contract {reference}".strip(), what, f"name one of: {known}")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, ValueError) as error:
        raise UsageError(str(path), f"cannot be read as UTF-8 ({error})", "mend it first; see pv validate") from error


def _check(before: Loaded, contract: Contract, path: Path, content: bytes, claim_id: str) -> None:
    """Load the new content from a file beside the old one, and compare everything that was there."""
    aside = path.with_name(f".{path.stem}.{os.getpid()}.yaml")
    try:
        aside.write_bytes(content)
        after = load(aside)
    except OSError as error:
        raise UsageError(str(path), f"cannot be written beside ({error.strerror})", "nothing was changed") from error
    finally:
        with suppress(OSError):
            aside.unlink()
    changed = after.contract
    told = Counter((one.code, one.message) for one in before.problems if one.severity == "error")
    fresh = [one for one in after.problems if one.severity == "error" and (one.code, one.message) not in told]
    kept = (
        changed is not None
        and changed.claims[:-1] == contract.claims
        and changed.claims[-1:] != ()
        and changed.claims[-1].id == claim_id
        and changed.equations == contract.equations
        and changed.proof_obligations == contract.proof_obligations
        and changed.gates == contract.gates
    )
    if fresh or not kept:
        why = fresh[0].message if fresh else "its layout does not allow it"
        fix = "add the claim by hand; nothing was changed"
        raise UsageError(str(before.path), f"a claim cannot be appended ({why})", fix)
