"""The peer's side of a race: transformers with torch.compile and SDPA, as `falsifiers.race.side` asks for it.

bfloat16 products over float32 masters, fused AdamW, the global norm clipped at 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from falsifiers.kernels.trainer import find
from falsifiers.race.side import LEARNING_RATE, Stepper, options, serve, size_of, windows


def main() -> None:
    """Take steps until nobody asks for more."""
    told = options(__doc__).parse_args()
    serve(ready(told.size, told.device))


def ready(size: str, device: str) -> Stepper[Any]:
    """The step of that size, with the weights that the trainer draws from seed 0; the first steps compile it."""
    import torch
    import transformers

    find("device.resolve")("cpu")  # JAX draws the weights, and leaves the GPU alone
    name, batch, length = size_of(size)
    model, on_gpu = find("shapes.shape")(name), device == "cuda"
    decoder = _decoder(model).to(device)
    optimizer = torch.optim.AdamW(
        decoder.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.1, fused=True
    )
    compiled = torch.compile(decoder)
    ids = [torch.from_numpy(window).long().to(device) for window in windows(model.vocab_size, batch, length)]
    batches = [(window[:, :-1].contiguous(), window[:, 1:].contiguous()) for window in ids]

    def step(index: int) -> Any:
        inputs, targets = batches[index]
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=on_gpu):
            loss = compiled(input_ids=inputs, labels=inputs, shift_labels=targets).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    about = {
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "devices": 1,
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }

    def peak_gib() -> float | None:
        return torch.cuda.max_memory_allocated() / 2**30 if on_gpu else None

    return Stepper(step=step, read=lambda loss: float(loss.item()), about=about, peak_gib=peak_gib)


def _decoder(model: Any) -> Any:
    """The decoder of that shape with the weights that the trainer draws, in float32."""
    import torch
    import transformers

    fields = find("hf.hf_config")(model, "float32")
    config = transformers.AutoConfig.for_model(fields.pop("model_type"), **fields, use_cache=False)
    decoder = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="sdpa")
    hf_name, is_transposed = find("hf.hf_name"), find("hf.is_transposed")
    drawn = {name: np.array(leaf) for name, leaf in find("model.initial_params")(model, 0).items()}
    tensors = {hf_name(name): torch.from_numpy(leaf.T if is_transposed(name) else leaf) for name, leaf in drawn.items()}
    missing, unknown = decoder.load_state_dict(tensors, strict=False)
    if unknown or set(missing) - ({"lm_head.weight"} if model.tie_word_embeddings else set()):
        raise RuntimeError(f"other tensors than the shape has: {missing}, {unknown}")
    return decoder


if __name__ == "__main__":
    main()
