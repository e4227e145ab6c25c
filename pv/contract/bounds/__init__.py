"""What a claim's bound may say: expressions over recorded quantities, with their units."""

from pv.contract.bounds.expression import evaluate, names
from pv.contract.bounds.units import UNITS, convert

__all__ = ["UNITS", "convert", "evaluate", "names"]
