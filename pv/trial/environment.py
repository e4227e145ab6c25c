"""Where and with what a run was made."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "claimtrial",
    "jax",
    "jaxlib",
    "flax",
    "optax",
    "orbax-checkpoint",
    "tensorstore",
    "numpy",
    "ml-dtypes",
    "tokenizers",
    "hypothesis",
    "pydantic",
)
FLAG_PREFIXES = ("JAX_", "XLA_", "CUDA_", "NCCL_", "OMP_", "TOKENIZERS_", "PYTHONHASHSEED")


def packages() -> dict[str, str]:
    """Return the installed version of every package the result depends on."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def flags(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment variables that steer the numerics; paths are cut to their last part."""
    kept = {key: value for key, value in environment.items() if key.startswith(FLAG_PREFIXES)}
    return {key: Path(value).name if value.startswith("/") else value for key, value in sorted(kept.items())}


def of_commands(scratch: Path, overlay: Path | None = None) -> dict[str, str]:
    """Return the variables of what a trial starts: the caller's, a fixed hash seed, and where an overlay lies.

    Trials share what XLA compiled; it goes by the program, planted faults included. Processes of a trial share a GPU:
    none takes most of its memory at the start, unless the caller says so.
    """
    path = os.environ.get("PYTHONPATH", "")
    planted = {"PYTHONPATH": os.pathsep.join(filter(None, (str(overlay), path)))} if overlay else {}
    return {
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        **os.environ,
        "PYTHONHASHSEED": "0",
        "TOKENIZERS_PARALLELISM": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "JAX_COMPILATION_CACHE_DIR": str(scratch / "cache" / "xla"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        **planted,
    }


def host() -> dict[str, Any]:
    """Return what kind of machine this is, without its name."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "cpus": len(os.sched_getaffinity(0)),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
    }


def revision(root: Path) -> tuple[str, str]:
    """Return the commit, and a digest of what differs from it but evidence; both empty outside a repository."""
    commit = _git(root, "rev-parse", "HEAD").strip()
    if not commit:
        return "", ""
    code = ("--", ":/", ":(exclude)evidence")
    dirty = _git(root, "diff", "HEAD", *code) + _git(root, "status", "--porcelain", *code)
    return commit, hashlib.sha256(dirty.encode()).hexdigest() if dirty.strip() else ""


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607 - git is found on PATH, as everywhere
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""
