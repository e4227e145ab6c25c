"""Bounds: what evaluates, what is refused, and how it is said."""

import contextlib
import math
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.contract import convert, evaluate, names
from pv.errors import ContractError

RECORDED = {
    "vocab_size": (151_643.0, "ids"),
    "unigram_entropy": (5.14, "nats/token"),
    "share": (0.25, "ratio"),
    "wall": (120.0, "s"),
    "tokens": (6000.0, "tokens"),
    "rate": (50.0, "tokens/s"),
    "zero": (0.0, "1"),
    "broken": (math.nan, "nats/token"),
}


@pytest.mark.parametrize(
    ("expression", "value", "unit"),
    [
        (9.38, 9.38, "1"),
        (0, 0.0, "1"),
        ("9.38", 9.38, "1"),
        ("ln(vocab_size)", math.log(151_643), "nats/token"),
        ("log2(vocab_size)", math.log2(151_643), "bits/token"),
        ("0.7 * ln(vocab_size)", 0.7 * math.log(151_643), "nats/token"),
        ("unigram_entropy - 1", 4.14, "nats/token"),
        ("min(unigram_entropy, ln(vocab_size), 6)", 5.14, "nats/token"),
        ("max(1, 2)", 2.0, "1"),
        ("share * unigram_entropy", 1.285, "nats/token"),
        ("unigram_entropy / ln(vocab_size)", 5.14 / math.log(151_643), "ratio"),
        ("exp(ln(vocab_size))", 151_643.0, "ids"),
        ("ln(2)", math.log(2), "nats"),
        ("log2(share)", -2.0, "bits"),
        ("sqrt(share)", 0.5, "ratio"),
        ("abs(-3) ** 2", 9.0, "1"),
        ("2 ** -1", 0.5, "1"),
        ("rate * wall", 6000.0, "tokens"),
        ("wall * rate", 6000.0, "tokens"),
        ("wall / 2", 60.0, "s"),
        ("share * zero", 0.0, "1"),
        ("-unigram_entropy", -5.14, "nats/token"),
        (" ( 1 ) ", 1.0, "1"),
    ],
)
def test_an_expression_has_this_value_and_unit(expression, value, unit):
    found, found_unit = evaluate(expression, RECORDED)
    assert (found, found_unit) == (pytest.approx(value, rel=1e-12), unit)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "not an expression"),
        ("1 +", "not an expression"),
        ("a b", "not an expression"),
        ("\0", "not an expression"),
        ("vocab", "unknown quantity `vocab`"),
        ("log(2)", "unknown function `log`"),
        ("ln()", "ln takes 1 arguments, got 0"),
        ("ln(1, 2)", "ln takes 1 arguments, got 2"),
        ("min(1)", "min takes 2 to 30 arguments, got 1"),
        ("ln(*[1])", "Starred is not allowed"),
        ("ln(x=1)", "Call is not allowed"),
        ("'a'", "Constant is not allowed"),
        ("True", "Constant is not allowed"),
        ("1j", "Constant is not allowed"),
        ("+1", "UnaryOp is not allowed"),
        ("1 < 2", "Compare is not allowed"),
        ("1 // 2", "BinOp is not allowed"),
        ("share.real", "Attribute is not allowed"),
        ("share[0]", "Subscript is not allowed"),
        ("(lambda: 1)()", "Call is not allowed"),
        ("[1 for _ in ()]", "ListComp is not allowed"),
        ("__import__('os')", "unknown function `__import__`"),
        ("1e400", "the value inf is not finite"),
        ("9" * 400, "the value inf is not finite"),
        ("1e308 * 10", "the value inf is not finite"),
        ("broken", "the value nan is not finite"),
        ("1 / zero", "division by zero"),
        ("0 ** -1", "division by zero"),
        ("9 ** 9 ** 9", "exponent 3.8742e+08 is beyond 64"),
        ("1e300 ** 2", "the value is too large"),
        ("exp(1000)", "the value is too large"),
        ("(-1) ** 0.5", "-1 to the power 0.5 is not real"),
        ("wall ** 2", "s to the power of a number"),
        ("ln(zero)", "ln of 0"),
        ("log2(-1)", "log2 of -1"),
        ("ln(wall)", "ln of s"),
        ("exp(wall)", "exp of s"),
        ("sqrt(-1)", "sqrt of -1"),
        ("sqrt(wall)", "sqrt of 120 s"),
        ("wall * unigram_entropy", "s times nats/token is no known unit"),
        ("1 / wall", "a number divided by s is no known unit"),
        ("wall + unigram_entropy", "+ mixes s with nats/token"),
        ("min(wall, share)", "min mixes s with ratio"),
        ("1" + "+1" * 40, "nested deeper than 30 levels"),
        ("-" * 100 + "1", "nested deeper than 30 levels"),
        ("1" * 501, "501 characters; at most 500 are read"),
    ],
)
def test_an_expression_is_refused_in_these_words(expression, said):
    with pytest.raises(ContractError) as caught:
        evaluate(expression, RECORDED)
    assert said == caught.value.what
    assert caught.value.where.startswith("expression `")


def test_nats_beside_bits_are_refused_and_converted_in_the_message():
    with pytest.raises(ContractError) as caught:
        evaluate("ln(vocab_size) - log2(vocab_size)", RECORDED)
    assert str(caught.value) == (
        "expression `ln(vocab_size) - log2(vocab_size)`: - mixes nats/token with bits/token "
        "(17.2103 bits/token is 11.9293 nats/token)\n"
        "  fix: 1 bit is 0.693147 nats; write ln for nats and log2 for bits, the same on both sides"
    )


def test_the_wanted_unit_is_taken_by_a_bare_number_and_demanded_of_anything_else():
    assert evaluate(9.38, {}, unit="nats/token") == (9.38, "nats/token")
    assert evaluate("2 * 3", {}, unit="s") == (6.0, "s")
    with pytest.raises(ContractError, match="the result is in bits/token, wanted is nats/token"):
        evaluate("log2(vocab_size)", RECORDED, unit="nats/token")
    with pytest.raises(ContractError, match="take ln or log2 of the recorded vocab_size"):
        evaluate("ln(50257)", RECORDED, unit="nats/token")
    with pytest.raises(ContractError, match="make both sides the same unit"):
        evaluate("wall", RECORDED, unit="nats/token")


def test_an_unknown_name_lists_the_known_ones_nearest_first():
    with pytest.raises(ContractError) as caught:
        evaluate("unigram_entrpy", RECORDED)
    assert caught.value.fix.startswith("known: unigram_entropy, ")
    with pytest.raises(ContractError, match="none is recorded"):
        evaluate("x", {})


def test_names_are_the_quantities_and_not_the_functions():
    assert names("min(a, b) * ln(c) - 2") == {"a", "b", "c"}
    assert names(9.38) == set()


def test_a_number_that_is_not_finite_is_refused():
    for value in (math.inf, math.nan, 10**400):
        with pytest.raises(ContractError, match="not finite"):
            evaluate(value, {})


def test_python_does_not_warn_about_odd_text():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for text in ("1if 1else 2", '"\\d"', "1 is 1"):
            with pytest.raises(ContractError):
                evaluate(text, {})
    assert caught == []


@given(st.floats(min_value=1e-6, max_value=1e6))
def test_conversion_goes_there_and_back(value):
    bits = convert(value, "nats/token", "bits/token")
    assert bits is not None
    assert convert(bits, "bits/token", "nats/token") == pytest.approx(value)
    assert convert(value, "nats/token", "bits/byte") is None
    assert convert(value, "s", "nats/token") is None


TOKENS = [
    "1",
    "2.5",
    "1e9",
    "x",
    "vocab_size",
    "+",
    "-",
    "*",
    "/",
    "**",
    "(",
    ")",
    ",",
    "ln",
    "min",
    "exp",
    ".",
    "=",
    "'",
]


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(TOKENS), max_size=40).map(" ".join)))
def test_no_text_does_anything_but_evaluate_or_be_refused(text):
    started = time.perf_counter()
    with contextlib.suppress(ContractError):
        value, _ = evaluate(text, RECORDED)
        assert math.isfinite(value)
    assert time.perf_counter() - started < 2


TREES = st.recursive(
    st.one_of(st.floats(-1e3, 1e3).map(repr), st.sampled_from(sorted(RECORDED))),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["ln", "log2", "exp", "sqrt", "abs"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
    ),
    max_leaves=12,
)


@given(TREES)
def test_every_well_formed_expression_is_finite_or_refused(text):
    try:
        value, unit = evaluate(text, RECORDED)
    except ContractError:
        return
    assert math.isfinite(value)
    assert unit
