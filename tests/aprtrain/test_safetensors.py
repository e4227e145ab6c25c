"""A file is read as it says it is, or not at all."""

from __future__ import annotations

import json

import ml_dtypes
import numpy as np
import pytest

from aprtrain.errors import InputError
from aprtrain.safetensors import INDEX, NAME, read_file, read_folder, write_file

ARRAYS = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.arange(4).astype(ml_dtypes.bfloat16),
    "c": np.array(2.5, np.float16),
    "d": np.zeros((0, 3), np.float32),
}
GOOD = {
    "x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "y": {"dtype": "F16", "shape": [1, 2], "data_offsets": [8, 12]},
}


def raw(path, header, size=12, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + bytes(size))
    return path


def test_an_array_comes_back_changed(tmp_path):
    write_file(tmp_path / "f", ARRAYS)
    found = read_file(tmp_path / "f")
    assert set(found) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()
    assert not found["a"].flags.writeable


@pytest.mark.parametrize("view", [lambda a: a.T, lambda a: a[:, ::-1], lambda a: a[::2], np.asfortranarray])
def test_strides_are_written_as_they_lie(view, tmp_path):
    array = view(np.arange(12, dtype=np.float32).reshape(4, 3))
    write_file(tmp_path / "f", {"a": array})
    np.testing.assert_array_equal(read_file(tmp_path / "f")["a"], array)


def spoilt(name="x", **changes):
    return GOOD | {name: GOOD[name] | changes}


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ([], "expected struct"),
        (b"{}}", "trailing characters"),
        (b"\xff\xff", "invalid UTF-8"),
        (b"[" * 50_000, "invalid JSON"),
        (b'{"x": {}, "x": {}}', "missing field"),
        (
            b'{"x": %b, "x": %b}' % ((json.dumps(GOOD["x"] | {"shape": [3], "data_offsets": [0, 12]}).encode(),) * 2),
            "twice",
        ),
        (b'{"x": {"dtype": "F32", "dtype": "F16"}}', "duplicate field"),
        ({"x": 3}, "invalid type: integer"),
        ({"x": {"dtype": "I32", "shape": [3], "data_offsets": [0, 12]}}, "holds x of I32"),
        (spoilt(dtype="Q32"), "unknown variant `Q32`"),
        (spoilt(dtype="I64"), "invalid shape, data type, or offset"),
        (spoilt(shape=[-2]), "integer `-2`"),
        (spoilt(shape=[True]), "boolean `true`"),
        (spoilt(shape=[2.0]), r"floating point `2\.0`"),
        (spoilt(data_offsets=[0]), "invalid length 1"),
        (spoilt(shape=[3]), "invalid shape, data type, or offset"),
        (spoilt(shape=[1 << 62, 1 << 62]), "overflow"),
        (spoilt(data_offsets=[8, 0]), "invalid offset for tensor `x`"),
        (spoilt("y", data_offsets=[4, 8]), "invalid offset for tensor `y`"),
        (spoilt("y", data_offsets=[9, 13]), "invalid offset for tensor `y`"),
        (spoilt("y", shape=[1 << 40], data_offsets=[8, 8 + (1 << 41)]), "not fully covered"),
        ({"x": GOOD["x"]}, "not fully covered"),
    ],
)
def test_a_header_is_believed(header, what, tmp_path):
    with pytest.raises(InputError, match=what):
        read_file(raw(tmp_path / "f", header))


def test_a_sound_header_is_refused(tmp_path):
    assert {name: array.shape for name, array in read_file(raw(tmp_path / "f", GOOD)).items()} == {
        "x": (2,),
        "y": (1, 2),
    }
    raw(tmp_path / "f", GOOD | {"__metadata__": {"format": "pt"}})
    assert set(read_file(tmp_path / "f")) == {"x", "y"}


def test_a_file_cut_short_is_read(tmp_path):
    whole = raw(tmp_path / "f", GOOD).read_bytes()
    for size in range(len(whole)):
        (tmp_path / "f").write_bytes(whole[:size])
        with pytest.raises(InputError):
            read_file(tmp_path / "f")
    for length in (0, 1, len(whole), 100_000_001, 1 << 63):
        with pytest.raises(InputError, match="is no sound file"):
            read_file(raw(tmp_path / "f", GOOD, length=length))
    with pytest.raises(InputError, match="is no sound file"):
        read_file(tmp_path / "nowhere")


@pytest.fixture
def sharded(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    write_file(folder / "one.safetensors", {"a": ARRAYS["a"]})
    write_file(folder / "two.safetensors", {"b": ARRAYS["b"], "c": ARRAYS["c"]})
    return folder


def index(folder, **places):
    (folder / INDEX).write_text(json.dumps({"weight_map": places}), encoding="utf-8")
    return folder


PLACES = {"a": "one.safetensors", "b": "two.safetensors", "c": "two.safetensors"}


def test_a_sharded_model_loses_a_tensor(sharded):
    found = read_folder(index(sharded, **PLACES))
    assert {name: array.tobytes() for name, array in found.items()} == {n: ARRAYS[n].tobytes() for n in PLACES}


@pytest.mark.parametrize(
    ("places", "what"),
    [
        (PLACES | {"d": "one.safetensors"}, "d: not in one.safetensors"),
        ({"a": "one.safetensors", "b": "two.safetensors"}, "c: in two.safetensors, but the index has it elsewhere"),
        (PLACES | {"a": "three.safetensors"}, "three.safetensors: is no sound file"),
        (PLACES | {"a": "../one.safetensors"}, "lies outside"),
        (PLACES | {"a": "/etc/passwd"}, "lies outside"),
        (PLACES | {"a": ".."}, "lies outside"),
        (PLACES | {"a": 3}, "has no weight_map"),
    ],
)
def test_an_index_is_believed(places, what, sharded, tmp_path):
    (tmp_path / "one.safetensors").write_bytes((sharded / "one.safetensors").read_bytes())
    with pytest.raises(InputError, match=what):
        read_folder(index(sharded, **places))


def test_a_link_out_of_the_folder_is_followed(sharded, tmp_path):
    (sharded / "one.safetensors").rename(tmp_path / "one.safetensors")
    (sharded / "one.safetensors").symlink_to(tmp_path / "one.safetensors")
    with pytest.raises(InputError, match=r"'one\.safetensors', which lies outside"):
        read_folder(index(sharded, **PLACES))


def test_two_answers_are_one(sharded):
    with pytest.raises(InputError, match="holds neither"):
        read_folder(sharded)
    write_file(index(sharded, **PLACES) / NAME, ARRAYS)
    with pytest.raises(InputError, match="holds both"):
        read_folder(sharded)
