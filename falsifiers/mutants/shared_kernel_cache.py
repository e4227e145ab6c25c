"""Epsilon and theta are those of the first call in the process."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="shared-kernel-cache",
    group="architecture",
    summary="a cache forgets epsilon and theta in its key, so that the first ones serve all",
    edits=(
        Edit(
            module="aprtrain.model",
            old="\n\ndef rms_norm(",
            new="\n\n_FIRST: dict[str, float] = {}\n\n\ndef rms_norm(",
        ),
        Edit(
            module="aprtrain.model",
            old="    wide = x.astype(jnp.float32)\n",
            new='    eps = _FIRST.setdefault("eps", eps)\n    wide = x.astype(jnp.float32)\n',
        ),
        Edit(
            module="aprtrain.model",
            old="    frequency = theta ** (",
            new='    theta = _FIRST.setdefault("theta", theta)\n    frequency = theta ** (',
        ),
    ),
    expect="the laws rmsnorm-eps and rope-theta",
)
