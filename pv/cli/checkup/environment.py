"""The machine: Python, packages, devices, the command on PATH, disk and git."""

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

from pv.cli.checkup.check import Check, ask, fail, ok, warn

DISTRIBUTION: Final = "claimtrial"
OLDEST, YOUNGEST = (3, 11), (3, 13)
SCARCE_GIB, LITTLE_GIB = 1, 5
_MODULE_CALL: Final = "use `python -m pv` instead"
_DEVICES: Final = """\
import json, jax
print(json.dumps([jax.__version__, sorted({f"{one.platform} {one.device_kind}" for one in jax.devices()})]))
"""
_PIN: Final = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)\s*(?:;\s*python_version\s*(<|>=)\s*[\"'](\d+)\.(\d+)[\"'])?")


def python_check(found: tuple[int, int]) -> Check:
    """The version of Python."""
    text = f"{found[0]}.{found[1]}, {sys.executable}"
    if found < OLDEST:
        return fail("python", text, "install Python 3.11 or newer")
    if found > YOUNGEST:
        return warn("python", text, "digests of sources are tested up to Python 3.13; use one of those for evidence")
    return ok("python", text)


def packages_check(root: Path) -> Check:
    """What is required is installed, at the versions of `constraints.txt` where the project has one."""
    missing = [name for name in _required() if _version(name) is None]
    if missing:
        return fail("packages", f"not installed: {', '.join(missing)}", f"pip install {DISTRIBUTION}")
    file = root / "constraints.txt"
    try:
        pins = dict(_pins(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ok("packages", "everything required is installed; there is no constraints.txt to compare with")
    installed = {name: found for name in pins if (found := _version(name))}
    other = [f"{name} {found}, not {pins[name]}" for name, found in installed.items() if found != pins[name]]
    if other:
        more = f" and {len(other) - 5} more" if len(other) > 5 else ""
        found = f"not as in constraints.txt: {'; '.join(other[:5])}{more}"
        return warn("packages", found, "python -m pip install -c constraints.txt -e .")
    return ok("packages", f"{len(installed)} installed as in constraints.txt")


def _required() -> Iterator[str]:
    try:
        listed = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        yield DISTRIBUTION
        return
    for entry in listed:
        match = re.match(r"[A-Za-z0-9._-]+", entry)
        if match and ";" not in entry:
            yield match[0]


def _pins(text: str) -> Iterator[tuple[str, str]]:
    """Name and version of every line that holds for this Python."""
    for line in text.splitlines():
        match = _PIN.match(line)
        if match:
            name, pinned, side, major, minor = match.groups()
            older = side is not None and sys.version_info[:2] < (int(major), int(minor))
            if side is None or older == (side == "<"):
                yield re.sub(r"[-_.]+", "-", name).lower(), pinned


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def command_check(environ: Mapping[str, str]) -> Check:
    """Whether `pv` on PATH is this one: Pipe Viewer has the same name."""
    where = shutil.which("pv", path=environ.get("PATH", ""))
    if where is None:
        return warn("command", "no `pv` on PATH", f"{_MODULE_CALL}, or put {Path(sys.executable).parent} on PATH")
    try:
        with Path(where).open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        return warn("command", f"{where} cannot be read ({error.strerror})", _MODULE_CALL)
    if b"pv.cli" in head:
        interpreter = head.splitlines()[0].removeprefix(b"#!").decode(errors="replace").strip()
        if Path(where).parent == Path(sys.executable).parent or interpreter == sys.executable:
            return ok("command", where)
        return warn("command", f"{where} belongs to another environment ({interpreter})", _MODULE_CALL)
    said = ask([where, "--version"], 5).said.lower()
    who = "Pipe Viewer" if "andrew wood" in said or "ivarch.com" in said else "another program"
    return warn("command", f"{where} is {who}", _MODULE_CALL)


def device_check(timeout_s: float) -> Check:
    """What the array library computes on, asked in another process."""
    answer = ask([sys.executable, "-P", "-c", _DEVICES], timeout_s, XLA_PYTHON_CLIENT_PREALLOCATE="false")
    try:
        release, devices = json.loads(answer.said.strip().splitlines()[-1])
    except (ValueError, IndexError, TypeError):
        remedy = "python -c 'import jax; print(jax.devices())' shows the whole error"
        return fail("devices", f"jax does not answer: {answer.why}", remedy)
    found = f"jax {release}: {', '.join(devices)}"
    if has_gpu() and all(str(device).startswith("cpu") for device in devices):
        remedy = 'install "jax[cuda13]", and look at JAX_PLATFORMS and LD_LIBRARY_PATH'
        return warn("devices", f"{found}, but there is an NVIDIA GPU", remedy)
    return ok("devices", found)


def has_gpu() -> bool:
    """Whether the driver of an NVIDIA GPU is loaded."""
    return Path("/proc/driver/nvidia/version").exists()


def disk_check(free_bytes: int) -> Check:
    """Space for runs, checkpoints and caches."""
    free_gib = free_bytes / 2**30
    found = f"{free_gib:.1f} GiB free"
    remedy = "free some, or delete .pv/cache and .pv/work"
    if free_gib < SCARCE_GIB:
        return fail("disk", found, remedy)
    return warn("disk", found, remedy) if free_gib < LITTLE_GIB else ok("disk", found)


def git_check(root: Path, evidence: Path) -> Check:
    """Evidence names a commit, scratch is ignored, evidence is not."""
    git = shutil.which("git")
    if git is None:
        return warn("git", "git is not on PATH", "install it: without it evidence names no commit")

    def status(*arguments: str) -> int | None:
        return ask([git, "-C", str(root), *arguments], 30).status

    if status("rev-parse", "HEAD") != 0:
        return warn("git", "no commit here", "git init, and commit: evidence names the commit it was made from")
    if status("check-ignore", "-q", str(root / ".pv" / "cache")) != 0:
        return warn("git", ".pv/ is not ignored", "add the line .pv/ to .gitignore")
    if status("check-ignore", "-q", str(evidence / "contract" / "bundle" / "manifest.json")) == 0:
        return warn("git", f"{evidence.name}/ is ignored", "take it out of .gitignore: stamps rest on what lies there")
    return ok("git", "a repository; .pv/ is ignored, evidence is not")
