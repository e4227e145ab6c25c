"""The peer of `throughput.py`: transformers with torch.compile and SDPA; one JSON line a size."""

from __future__ import annotations

import argparse
import json
import time

import torch
import transformers
from throughput_aprtrain import WARM_UP

from aprtrain.config import ModelConfig
from aprtrain.shapes import shape
from aprtrain.utilisation import flops_per_token, utilisation


def main() -> None:
    """Measure every size given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    for size in arguments.sizes:
        name, _, of = size.partition(":")
        batch, length = map(int, of.split("x"))
        row = _measure(shape(name), batch, length, arguments.steps)
        print(json.dumps({"size": size, **row, **versions, "device": torch.cuda.get_device_name()}), flush=True)


def _decoder(model: ModelConfig) -> torch.nn.Module:
    of = transformers.Qwen2Config if model.qkv_bias else transformers.LlamaConfig
    config = of(
        vocab_size=model.vocab_size,
        hidden_size=model.hidden_size,
        num_hidden_layers=model.num_layers,
        num_attention_heads=model.num_heads,
        num_key_value_heads=model.num_kv_heads,
        intermediate_size=model.intermediate_size,
        max_position_embeddings=model.max_positions,
        rms_norm_eps=model.rms_norm_eps,
        tie_word_embeddings=model.tie_word_embeddings,
        use_cache=False,
    )
    return transformers.AutoModelForCausalLM.from_config(config, attn_implementation="sdpa").cuda()


def _measure(model: ModelConfig, batch: int, length: int, steps: int) -> dict[str, float | None]:
    torch.manual_seed(0)
    torch.compiler.reset()
    torch.cuda.empty_cache()
    decoder = _decoder(model)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    compiled = torch.compile(decoder)
    ids = [torch.randint(0, model.vocab_size, (batch, length), device="cuda") for _ in range(4)]
    torch.cuda.reset_peak_memory_stats()
    start = time.perf_counter()
    loss = None
    for index in range(WARM_UP + steps):
        before = loss
        with torch.autocast("cuda", dtype=torch.bfloat16):
            loss = compiled(input_ids=ids[index % 4], labels=ids[index % 4]).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss = loss.detach()
        if before is not None:
            before.item()
        if index == WARM_UP - 1:
            torch.cuda.synchronize()
            compiling, start = time.perf_counter() - start, time.perf_counter()
    torch.cuda.synchronize()
    seconds = (time.perf_counter() - start) / steps
    speed = batch * length / seconds
    return {
        "tokens_per_s": speed,
        "step_ms": seconds * 1e3,
        "mfu": utilisation(speed * flops_per_token(model, length), torch.cuda.get_device_name()),
        "peak_gib": torch.cuda.max_memory_allocated() / 2**30,
        "compile_s": compiling,
        "loss": loss.item(),
    }


if __name__ == "__main__":
    main()
