"""A status written by hand claims more than the derived verdict.

What it hunts: statuses, typed into a contract, that claim more than the evidence supports.
Why: a status that is typed is an opinion; the story's contract said DISCHARGED for a loss of unknown
tokens.
How it looks: the word, its place, and the verdict that was derived. It changes no verdict; it is an error
of the contract.
What to do: delete the status, or write what was derived.
Blind spots: prose that claims more than a status does.
Source: paiml/aprender pull request 1580: 5 of 6 typed as DISCHARGED.
"""

from pv.methodology.model import Effect
from pv.methodology.rules.rule import Rule

RULE = Rule(id="over-claim", effect=Effect.NOTES, page=__doc__)
