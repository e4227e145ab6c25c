"""The peer of `throughput.py`: transformers with torch.compile and SDPA; one JSON line a size.

As `throughput_aprtrain.py`: the same weights at the start, the same windows, the loss of every step.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import torch
import transformers
from throughput_aprtrain import WARM_UP, windows

from aprtrain.config import ModelConfig
from aprtrain.device import resolve
from aprtrain.hf import hf_config, hf_name, is_transposed
from aprtrain.model import initial_params
from aprtrain.shapes import shape
from aprtrain.utilisation import flops_per_token, utilisation


def main() -> None:
    """Measure every size given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    arguments = parser.parse_args()
    resolve("cpu")  # JAX draws the weights, and leaves the GPU alone
    kind = torch.cuda.get_device_name() if arguments.device == "cuda" else "cpu"
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    for size in arguments.sizes:
        name, _, of = size.partition(":")
        batch, length = map(int, of.split("x"))
        row = _measure(shape(name), batch, length, arguments.steps, arguments.device, kind)
        print(json.dumps({"size": size, **row, **versions, "device": kind}), flush=True)


def _decoder(model: ModelConfig) -> torch.nn.Module:
    """The decoder of that shape with the weights that aprtrain draws, in float32."""
    fields = hf_config(model, "float32")
    config = transformers.AutoConfig.for_model(fields.pop("model_type"), **fields, use_cache=False)
    decoder = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="sdpa")
    drawn = {name: np.array(leaf) for name, leaf in initial_params(model, 0).items()}
    tensors = {hf_name(name): torch.from_numpy(leaf.T if is_transposed(name) else leaf) for name, leaf in drawn.items()}
    missing, unknown = decoder.load_state_dict(tensors, strict=False)
    if unknown or set(missing) - ({"lm_head.weight"} if model.tie_word_embeddings else set()):
        raise RuntimeError(f"other tensors than the shape has: {missing}, {unknown}")
    return decoder


def _measure(model: ModelConfig, batch: int, length: int, steps: int, device: str, kind: str) -> dict[str, object]:
    on_gpu = device == "cuda"
    wait = torch.cuda.synchronize if on_gpu else torch.cpu.synchronize
    torch.compiler.reset()
    torch.cuda.empty_cache()
    decoder = _decoder(model).to(device)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    compiled = torch.compile(decoder)
    ids = [torch.from_numpy(window).long().to(device) for window in windows(model.vocab_size, batch, length)]
    batches = [(window[:, :-1].contiguous(), window[:, 1:].contiguous()) for window in ids]
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    start = time.perf_counter()
    losses: list[torch.Tensor] = []
    for index in range(WARM_UP + steps):
        inputs, targets = batches[index % 4]
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=on_gpu):
            loss = compiled(input_ids=inputs, labels=inputs, shift_labels=targets).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.detach())
        if index:
            losses[-2].item()
        if index == WARM_UP - 1:
            wait()
            compiling, start = time.perf_counter() - start, time.perf_counter()
    wait()
    seconds = (time.perf_counter() - start) / steps
    speed = batch * length / seconds
    return {
        "tokens_per_s": speed,
        "step_ms": seconds * 1e3,
        "mfu": utilisation(speed * flops_per_token(model, length), kind),
        "peak_gib": torch.cuda.max_memory_allocated() / 2**30 if on_gpu else None,
        "compile_s": compiling,
        "seconds": seconds * steps,
        "steps": steps,
        "losses": [loss.item() for loss in losses],
    }


if __name__ == "__main__":
    main()
