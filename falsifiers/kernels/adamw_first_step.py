"""Without decay the first step moves every parameter by -lr g / (|g| + eps).

Hunts for: moments that are not corrected for their start, a rate of 0, an update that is computed and not applied.
Why it matters: the first step is known without running it; whatever changes it changes every later one.
How it looks: a run that starts slowly, or does not start.
If it strikes, suspect: the update's quotient by the rate: 0.45 is a missing correction under betas of 0.9 and 0.95, 0 a
warm-up that starts at 0 or parameters that are returned as they were.
Blind spots: what the moments carry from step to step.
Sources: Kingma and Ba 2014, arXiv:1412.6980, section 3: at t = 1 the corrected moments are g and g².
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.optimizer import settings, slopes, step, train_config
from falsifiers.kernels.trainer import find, model, parameters
from falsifiers.law import one_law

FAR = 1e3
"""A gradient counts where it is this many times epsilon."""


def reading(_subject: None, case: Case) -> float:
    """Largest deviation of an entry's move from the closed form, in shares of the rate; `shape` picks the betas."""
    [betas] = case.shape
    config, asked = model(), settings(betas)
    params = parameters(config, case)
    window = np.random.default_rng(case.seed).integers(0, config.vocab_size, (2, 9)).astype(np.int32)
    gradients = slopes(params, config, asked, window)
    new, _ = step(config, asked)(find("step.initial_state")(dict(params), train_config(asked)), {"window": window})
    worst = 0.0
    for name, before in params.items():
        g = np.asarray(gradients[name], np.float64)
        moved = np.asarray(new["params"][name], np.float64) - before
        off = moved / asked.learning_rate + g / (np.abs(g) + asked.epsilon)
        worst = max(worst, float(np.max(np.abs(off), where=np.abs(g) > FAR * asked.epsilon, initial=0.0)))
    return worst


# Under a beta2 of 0.999 the float32 correction 1 - beta2 is off by 1.3e-5 and its root by 6.4e-6; parameters of size 2
# are rounded by 2.4e-7 of the rate.
FALSIFIER = one_law(__doc__, cases((0,), (1,)), reading, name=__name__, unit="ratio", tolerance=1e-5)
