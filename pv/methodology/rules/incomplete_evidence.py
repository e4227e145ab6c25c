"""A compulsory file of the bundle is missing.

What it hunts: bundles without a manifest, a claim lock or a record of the run.
Why: without the lock nobody knows what was claimed beforehand, without the record nobody knows what ran.
How it looks: the message names the file that every bundle has and this one lacks.
What to do: make the run again; a folder that was being written when the machine stopped can be deleted.
Blind spots: files that a run may lack: without them readings are missing, and control-not-run says so.
Source: The layout of a bundle.
"""

from pv.methodology.model import Effect
from pv.methodology.rules.rule import Rule

RULE = Rule(id="incomplete-evidence", effect=Effect.INVALIDATES, page=__doc__)
