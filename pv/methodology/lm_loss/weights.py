"""Item 3: the weights that were evaluated are the claimed ones, and they matter."""

from typing import Final

from pv.methodology.controls import Control

WEIGHTS: Final = (
    Control(
        name="evaluated-weights",
        item=3,
        law="What a fresh process evaluates is, by name and by byte, what lies on disk.",
        quantity="final_vs_evaluated_mismatches",
        high=0,
        unit="tensors",
        source="SHA-256 of every tensor",
    ),
    Control(
        name="weights-on-disk",
        item=3,
        law="No entry of a tensor differs between the checkpoint and what is evaluated.",
        quantity="attack/weights-on-disk",
        high=0,
        unit="entries",
        source="Compared entry by entry",
    ),
    Control(
        name="trained-weights",
        item=3,
        law="What lies on disk is what the training loop held when it ended.",
        quantity="final_vs_reported_mismatches",
        high=0,
        unit="tensors",
        source="SHA-256 of every tensor in the run's ledger",
    ),
    Control(
        name="expected-tensors",
        item=3,
        law="The checkpoint has the tensors that the design calls for, none missing and none left over.",
        quantity="tensors_expected_vs_final",
        high=0,
        unit="tensors",
        source="Two-sided sets of names, shapes and types: counts cancel (72 biases lost, 1 head extra: 71)",
    ),
    Control(
        name="init-tensors",
        item=3,
        law="The checkpoint has the tensors that the init has.",
        quantity="tensors_init_vs_final",
        high=0,
        unit="tensors",
        start="init",
        source="As expected-tensors",
    ),
    Control(
        name="init-loaded",
        item=3,
        law="Step 0 starts from the init as it lies on disk, by byte.",
        quantity="init_vs_loaded_mismatches",
        high=0,
        unit="tensors",
        start="init",
        source="SHA-256 of every tensor; paiml/aprender pull request 1579",
    ),
    Control(
        name="moved-weights",
        item=3,
        law="Training moved every tensor.",
        quantity="unmoved_tensors",
        high=0,
        unit="tensors",
        source="Adam moves an entry by about its learning rate at any gradient but exactly zero",
    ),
    Control(
        name="random-weights",
        item=3,
        law="Fresh weights know nothing: about ln V, and sigma^2/2 more for logits of spread sigma.",
        quantity="loss/random/system/val-b",
        low="0.85 * ln(vocab_size)",
        high="1.4 * ln(vocab_size)",
        unit="nats/token",
        source=(
            "E[L] = ln V + sigma^2/2 for Gaussian logits: room for sigma up to 2.1 at V = 256 and 3 at "
            "V = 152,000, and short of 1/ln 2 = 1.44, a reading in bits. Below: tied fresh weights "
            "favour the token just read, which gains a tenth of ln V where bytes repeat every fifth time"
        ),
    ),
    Control(
        name="random-above-claimed",
        item=3,
        law="Fresh weights do clearly worse than the claimed ones on the same documents.",
        quantity="random_above_claimed",
        low="4 * random_above_claimed_se + 0.01 * ln(vocab_size)",
        unit="nats/token",
        source="Paired by document; an evaluator that ignores its weights reads zero, without any spread",
    ),
    *(
        Control(
            name=f"dose-{dose}",
            item=3,
            law=f"Moving {dose} of all entries about takes nothing off the loss, until all context is lost.",
            quantity=f"loss/dose-{dose}/system/val-b",
            low=f"min({before}, unigram_entropy) - 4 * {step}_se - 0.01 * ln(vocab_size)",
            unit="nats/token",
            source=(
                "Damage loses information. Above the unigram entropy there is none left to lose, the order "
                "is free; a hundredth of ln V is room for an overfitted model, which noise may help a little"
            ),
        )
        for dose, before, step in (
            ("0.01", "claimed_on_subset", "dose_0_01_step"),
            ("0.05", "loss_dose_0_01_system_val_b", "dose_0_05_step"),
            ("0.25", "loss_dose_0_05_system_val_b", "dose_0_25_step"),
            ("1", "loss_dose_0_25_system_val_b", "dose_1_step"),
        )
    ),
    Control(
        name="dose-response",
        item=3,
        law="Moving all entries about costs clearly more than moving none.",
        quantity="dose_1_above_claimed",
        low="4 * dose_1_above_claimed_se + 0.01 * ln(vocab_size)",
        unit="nats/token",
        source="Paired by document; a cached or constant evaluator reads zero",
    ),
)
