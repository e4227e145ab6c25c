"""The control set `lm-loss`: what must read right before a held-out loss of a language model means anything.

Every band states a law that each sound run obeys, whatever its architecture, vocabulary (256 to 152,000 ids)
and corpus of code or text; none is tuned to a recipe. Bounds are expressions over quantities, with every
character of a name that is no letter or digit read as `_`: `loss/dose-0.01/system/val-b` is
`loss_dose_0_01_system_val_b`. Of a run whose weights were drawn, the loss of step 0 is held against theirs, and
there is no init to compare with.

Items 1 to 7 are those of the minimal set; item 0, the lint of the claim, and item 8, its interval, are rules.
Item 9 is a second training, on a source of known entropy; of a trainer that cannot be asked for one it is not run.
"""

from typing import Final

from pv.methodology.lm_loss.data import HISTOGRAM, SPLIT
from pv.methodology.lm_loss.evaluator import CAUSALITY, STANDARDS
from pv.methodology.lm_loss.recompute import CONTEXT, RECOMPUTE
from pv.methodology.lm_loss.source import SOURCE
from pv.methodology.lm_loss.weights import WEIGHTS

__all__ = ["LM_LOSS"]

LM_LOSS: Final = (*HISTOGRAM, *STANDARDS, *WEIGHTS, *CONTEXT, *CAUSALITY, *SPLIT, *RECOMPUTE, *SOURCE)
