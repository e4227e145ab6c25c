"""Which share of a device's peak a run reaches."""

import math

from aprtrain.config import ModelConfig
from aprtrain.model import expected_params

PEAK_FLOPS = {
    "NVIDIA A100": 312e12,
    "NVIDIA H100 PCIe": 756e12,
    "NVIDIA H100 80GB HBM3": 989e12,
    "NVIDIA H200": 989e12,
}
"""Dense bfloat16 products, a second, by how the name of the device begins. Source: NVIDIA's data sheets."""


def flops_per_token(config: ModelConfig, context: int) -> float:
    """Operations that a training step cannot do without, by token: 6 N, and 6 layers * context * width for attention.

    N are the parameters that are multiplied with: an embedding that is only looked up is left out.
    Source: Chowdhery et al. 2022, arXiv:2204.02311, appendix B. Departs: what the causal mask hides is not counted.
    """
    size: int = sum(math.prod(leaf.shape) for leaf in expected_params(config).values())
    looked_up = 0 if config.tie_word_embeddings else config.vocab_size * config.hidden_size
    width = config.num_heads * config.head_dim
    return 6.0 * (size - looked_up) + 6.0 * config.num_layers * context * width


def utilisation(flops_per_s: float, kind: str) -> float | None:
    """Model FLOPs utilisation on a device of that kind; None where its peak is not known."""
    peak = next((peak for name, peak in PEAK_FLOPS.items() if kind.startswith(name)), None)
    return None if peak is None else flops_per_s / peak
