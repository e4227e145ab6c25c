"""The gate's policy: which stamps a project needs, which findings it forbids, and what may not get weaker."""

from pv.policy.against import decide_against
from pv.policy.gate import decide
from pv.policy.model import Decision, Policy, Refusal, Required, Waiver
from pv.policy.ratchet import BREACHES, Base
from pv.policy.table import read_policy

__all__ = [
    "BREACHES",
    "Base",
    "Decision",
    "Policy",
    "Refusal",
    "Required",
    "Waiver",
    "decide",
    "decide_against",
    "read_policy",
]
