"""Every quantity that a bundle's raw record allows to recompute, under one name each."""

from pv.evidence.bundle import Bundle
from pv.evidence.quantities.data import commonest, data_quantities, tokenizer_mismatches
from pv.evidence.quantities.device_log import device_errors
from pv.evidence.quantities.ledger import COMPARISONS, differences, ledger_quantities, unmoved_tensors
from pv.evidence.quantities.losses import disagreement, loss_quantities, with_sample
from pv.evidence.quantities.race import race_quantities
from pv.evidence.quantities.speed import speed_quantities
from pv.evidence.quantities.training import attack_quantities, training_quantities
from pv.evidence.quantity import Quantity

__all__ = ["detail", "quantities"]


def quantities(bundle: Bundle) -> dict[str, Quantity]:
    """Return name to quantity, recomputed from raw; what is missing or malformed is left out.

    | names | unit | from |
    |---|---|---|
    | `vocab_size` (the model's), `tokenizer_vocab_size`, `scored_distinct` | ids | run.json, data.json |
    | `unigram_entropy`, `unigram_deviation` (of one token), `trained_entropy`; `unigram_entropy_bits` |
      nats/token; bits/token | data.json |
    | `scored_top_share`, `scored_unk_share`, `trained_unk_share`, `round_trip_share`, `overlap_val_b`,
      `overlap_calibration`, `batch_found_share` | ratio | data.json |
    | `scored_tokens`; `bytes_per_token`, `tokenizer_mismatches` | tokens; 1 | data.json |
    | `shared_documents`, `duplicate_documents` | documents | data.json |
    | `loss/<reading>/<evaluator>/<split>`, `bigram_loss`, `untouched_init_loss`, `scratch_step0_loss`;
      with a cluster a document | nats/token | evals.jsonl |
    | `unigram_disagreement`: the table's mean against the entropy | nats/token | evals.jsonl |
    | `train_loss_first` (step 0), `train_loss_last` | nats/token | metrics.jsonl |
    | `planned_steps`, `executed_steps`, `step_gaps`, `nonfinite_losses` | steps | metrics.jsonl, run.json |
    | `steps_wall_seconds` (summed), `wall_seconds` (the loop's clock) | s | metrics.jsonl, run.json |
    | `step_time`, the median without the first steps; `model_flops_utilisation` | s; ratio | metrics.jsonl, run.json |
    | `monitor_share` of the steps' time | ratio | summary.json, metrics.jsonl |
    | `resident_share`: samples in which the loop's process holds weights and moments | ratio | device.csv |
    | `exit_status`; `device_errors`, lines of the log | status; errors | run.json, log.txt |
    | `reported_val_a_last`, `reported_val_b`; `reported_val_b_looks` | nats/token; 1 | reported.jsonl |
    | `tensors_expected_vs_final`, `tensors_init_vs_final`, by name, shape, dtype | tensors | tensors.json |
    | `init_vs_loaded_mismatches`, `final_vs_evaluated_mismatches`, `final_vs_reported_mismatches`, by
      digest too; `unmoved_tensors`; `checkpoint_mismatches`, of form or evaluated | tensors | tensors.json |
    | `race/<size>`: tokens/s over those of a peer | ratio | race.jsonl |
    | `attack/<law>`, the worst reading | the law's | attacks/ |
    """
    found = {quantity.name: quantity for quantity in data_quantities(bundle)}
    losses = loss_quantities(bundle)
    entropy = found.get("unigram_entropy")
    if entropy is not None:
        found["unigram_entropy"] = with_sample(entropy, losses)
        found |= {quantity.name: quantity for quantity in disagreement(entropy, losses)}
    found |= losses
    for part in (ledger_quantities, training_quantities, speed_quantities, race_quantities, attack_quantities):
        found |= {quantity.name: quantity for quantity in part(bundle)}
    return found


def detail(bundle: Bundle, name: str) -> str:
    """Return what lies behind a counted quantity, e.g. the names of the tensors that differ."""
    if name in COMPARISONS:
        return "; ".join(f"{tensor}: {problem}" for tensor, problem in (differences(bundle, name) or {}).items())
    match name:
        case "unmoved_tensors":
            return ", ".join(unmoved_tensors(bundle) or ())
        case "tokenizer_mismatches":
            return "; ".join(tokenizer_mismatches(bundle))
        case "device_errors":
            return "; ".join(line[:200] for line in device_errors(bundle.log)[:5])
        case "scored_top_share":
            return commonest(bundle)
        case _:
            return ""
