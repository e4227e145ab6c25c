"""Judges claims about model training.

contract -> bound falsifier -> run of the system -> bundle -> audit -> verdict -> report

Nothing heavy is imported here: `pv --help` needs click alone, and `pv validate` no array library.
"""

__all__ = ["version"]


def version() -> str:
    """The installed version, or `0+unknown` where the package was not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("claimtrial")
    except PackageNotFoundError:
        return "0+unknown"
