"""The tolerances of laws: a bundle says what it read, never what is tolerated."""

from typing import Final

CLAIM_LAWS: Final = {
    "adamw-unmoved-share": (0.5, 0.5),
    "compiled-kernels": (0.0, 0.0),
    "device-record": (0.0, 0.0),
    "duplicate-step": (0.0, 0.0),
    "gqa-live-parity": (1e-5, 2e-2),
    "held-out-window-trained": (0.0, 0.0),
    "init-beats-scratch": (0.0, 0.0),
    "init-flow": (0.0, 2e-2),
    "rate-recomputed": (0.01, 0.01),
    "recorded-loss": (1e-3, 2e-2),
    "rmsnorm-live-parity": (1e-5, 2e-2),
    "rope-live-parity": (1e-4, 2e-2),
    "schedule": (1e-6, 1e-6),
    "softmax-live-parity": (1e-4, 2e-2),
    "step-clock": (0.1, 0.1),
    "step-record": (0.0, 0.0),
    "swiglu-live-parity": (1e-5, 2e-2),
    "target-alignment": (1e-3, 1e-3),
    "tied-head": (1e-4, 1e-4),
    "weights-on-disk": (0.0, 0.0),
    "window-from-corpus": (0.0, 0.0),
    "windows-once": (0.0, 0.0),
}
"""Law to its largest reading that obeys, in the law's unit: in float32, and where bfloat16 may be used."""


def law_tolerance(law: str, platform: str) -> float | None:
    """Return the largest reading that obeys a law a claim may rest on; None where the law is not known."""
    pair = CLAIM_LAWS.get(law)
    return None if pair is None else pair[0 if platform == "cpu" else 1]
