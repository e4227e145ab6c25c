"""Stage 3: run the system under test, let the judges look at it, and seal the record."""

from pv.trial.attack import run_attack
from pv.trial.plan import Claimed, Plan, PlannedStage, Request, make_plan
from pv.trial.progress import Progress, Silent
from pv.trial.run import run_trial

__all__ = ["Claimed", "Plan", "PlannedStage", "Progress", "Request", "Silent", "make_plan", "run_attack", "run_trial"]
