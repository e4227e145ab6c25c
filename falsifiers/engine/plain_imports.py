"""Imports click, yaml and pydantic, and nothing else: what reading a contract takes at the least."""

import click
import pydantic
import yaml

__all__ = ["click", "pydantic", "yaml"]
