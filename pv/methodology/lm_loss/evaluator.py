"""Items 2 and 5: the evaluator reads known answers right, and the model sees what it may see."""

from typing import Final

from pv.methodology.controls import Control

FLOAT32: Final = "float32 rounds to 6e-8 of a value: logits of tens to 1e-6, and a mean over tokens to less"

STANDARDS: Final = (
    Control(
        name="constant-logits",
        item=2,
        law="Weights of zero give equal logits, so every token costs exactly ln V.",
        quantity="loss/zero/system/val-b",
        low="(1 - 2e-5) * ln(vocab_size)",
        high="(1 + 2e-5) * ln(vocab_size)",
        unit="nats/token",
        source=(
            "-ln(1/V) = ln V. 2e-5 of it is what a float32 sum of a thousand equal terms may be off, less "
            "than one token too many in 32,832; bits instead of nats are off by 0.44"
        ),
    ),
    Control(
        name="uniform-targets",
        item=2,
        law="Targets drawn alike from all ids cost ln V or more, whatever the weights.",
        quantity="loss/uniform-targets/system/val-b",
        low="ln(vocab_size) - 4 * uniform_targets_se",
        unit="nats/token",
        source="Jensen's inequality; 4 standard errors for the draw, a chance of 3 in 100,000",
    ),
    Control(
        name="masked-positions",
        item=2,
        law="A target of weight 0 costs nothing, and the parts of a loss add up to the whole.",
        quantity="attack/masked-positions",
        high="repeat_error",
        unit="nats/token",
        source=FLOAT32,
    ),
    Control(
        name="padding",
        item=2,
        law="What stands where the weight is 0 leaves a row's sum and count alone.",
        quantity="attack/padding-invariance",
        high="repeat_error",
        unit="nats/token",
        source=FLOAT32,
    ),
)

CAUSALITY: Final = (
    Control(
        name="causality",
        item=5,
        law="What comes later does not change what was predicted earlier.",
        quantity="attack/causality",
        high="repeat_error",
        unit="spread",
        source="A masked place enters a sum as an exact zero; karpathy/nanochat issue 844",
    ),
    Control(
        name="batch-order",
        item=5,
        law="A row's logits do not depend on the other rows, nor on its place among them.",
        quantity="attack/batch-order",
        high="repeat_error",
        unit="spread",
        source="Sums in another order differ by about 1e-6 of the logits' spread a layer in float32",
    ),
    Control(
        name="evaluator-repeat",
        item=5,
        law="The evaluator says the same of a document each time, alone or in company.",
        quantity="attack/evaluator-repeat",
        high="repeat_error",
        unit="nats/token",
        source=FLOAT32,
    ),
    Control(
        name="input-sensitivity",
        item=5,
        law="Replacing everything read before moves the logits by a thousandth of their spread or more.",
        quantity="attack/input-sensitivity",
        high=-1e-3,
        unit="spread",
        source="The reading is minus the smallest change; rounding is 1e-6, a trained model's context tenths",
    ),
    Control(
        name="target-alignment",
        item=5,
        law="The evaluator scores, at each place, the token that comes next.",
        quantity="attack/target-alignment",
        high="alignment_error",
        unit="nats/token",
        source="The judge's own shift and softmax over the system's logits",
    ),
    Control(
        name="definition",
        item=5,
        law="Place by place, the logits are those that the model's definition gives for the weights on disk.",
        quantity="attack/definition",
        high="logit_error",
        unit="spread",
        source="An independent float64 implementation; float32 is off by 1e-5 of the spread at most, 16 bits by 1e-4",
    ),
    Control(
        name="tied-head",
        item=5,
        law="An embedding row is also a row of the head if, and only if, the init's configuration says so.",
        quantity="attack/tied-head",
        high="repeat_error",
        unit="spread",
        source="Doubling is exact in floating point",
    ),
)
