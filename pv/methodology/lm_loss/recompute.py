"""Items 4 and 7: the loss rests on context, and an independent reader finds the same one."""

from typing import Final

from pv.methodology.controls import Control

FLOAT32: Final = "float32 rounds to 6e-8 of a value: logits of tens to 1e-6, and a mean over tokens to less"

CONTEXT: Final = (
    Control(
        name="shuffled-targets",
        item=4,
        law="Targets dealt out anew cost their unigram entropy or more, whatever the weights.",
        quantity="loss/shuffled-targets/system/val-b",
        low="unigram_entropy - 4 * shuffled_targets_se",
        unit="nats/token",
        source="Gibbs' inequality; 4 standard errors for the one permutation that was drawn",
    ),
    Control(
        name="shuffled-above-claimed",
        item=4,
        law="Targets dealt out anew cost clearly more than the true ones: the claimed loss rests on context.",
        quantity="shuffled_above_claimed",
        low="4 * shuffled_above_claimed_se + 0.01 * ln(vocab_size)",
        unit="nats/token",
        source="Paired by document; where context brings less than a hundredth of ln V, it brings nothing",
    ),
)

RECOMPUTE: Final = (
    Control(
        name="same-documents",
        item=7,
        law="Evaluator and oracle score the same documents, with the same number of tokens each.",
        quantity="documents_apart",
        high=0,
        unit="documents",
        source="Counted document by document",
    ),
    Control(
        name="oracle",
        item=7,
        law="The evaluator's loss is what an independent float64 implementation reads from disk.",
        quantity="evaluators_apart",
        high="loss_error",
        unit="nats/token",
        source=FLOAT32,
    ),
    Control(
        name="reported-loss",
        item=7,
        law="The loss that the run reported is the one that is recomputed.",
        quantity="reported_apart",
        high="loss_error",
        unit="nats/token",
        source=FLOAT32,
    ),
    Control(
        name="step-0-loss",
        item=7,
        law="The recorded loss of step 0 is the init's loss on that batch.",
        quantity="step_0_apart",
        high="loss_error",
        unit="nats/token",
        start="init",
        source=FLOAT32,
    ),
    Control(
        name="step-0-drawn",
        item=7,
        law="The recorded loss of step 0 is that of the weights that the seed draws, on that batch.",
        quantity="step_0_apart_from_drawn",
        high="loss_error",
        unit="nats/token",
        start="drawn",
        source=FLOAT32,
    ),
    Control(
        name="step-0-windows",
        item=7,
        law="Every row of the batch of step 0 is a piece of the train split on disk.",
        quantity="batch_found_share",
        low=1,
        high=1,
        unit="ratio",
        source="Searched in the shards",
    ),
    Control(
        name="train-windows",
        item=7,
        law="So is every row of any other batch.",
        quantity="attack/window-from-corpus",
        high=0,
        unit="rows",
        source="Searched in the shards",
    ),
)
