"""Keys of stages change with what decides their output, and with nothing else."""

from pathlib import Path

import pytest

from pv.contract import load
from pv.errors import ContractError, UsageError
from pv.trial.plan import Claimed, Request, folder_digest, make_plan, patched_modules

CONTRACTS = Path(__file__).parents[3] / "contracts"

PATCH = """--- a/aprtrain/data.py
+++ b/aprtrain/data.py
@@ -1,2 +1,2 @@
-    return window[:-1], window[1:]
+    return window[:-1], window[:-1]
"""


def test_the_modules_a_patch_changes_are_read_off_its_headers() -> None:
    assert patched_modules(PATCH) == {"aprtrain.data"}
    assert patched_modules("") == set()


def test_a_folder_digest_sees_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    first = folder_digest(tmp_path)
    assert first == folder_digest(tmp_path)
    (tmp_path / "a.txt").write_text("two")
    second = folder_digest(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    assert len({first, second, folder_digest(tmp_path)}) == 3


def test_a_folder_digest_does_not_follow_links_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.txt").write_text("one")
    before = folder_digest(inside)
    (inside / "loop").symlink_to(tmp_path)
    assert folder_digest(inside) == before


def test_a_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        folder_digest(tmp_path / "nowhere")


def claimed(stem: str, profile: str = "cpu") -> Claimed:
    loaded = load(CONTRACTS / f"{stem}.yaml")
    assert loaded.contract is not None
    return Claimed(
        contract=loaded.contract,
        path=loaded.path,
        digest=loaded.digest,
        claims=(loaded.contract.claims[0].id,),
        profile=profile,
    )


def test_contracts_of_one_recipe_share_a_plan(tmp_path: Path) -> None:
    """The same stages with the same keys as each alone; the unfinished work is another's."""
    both = ("data-split-v1", "training-loop-v1")
    plans = [
        make_plan(Request(root=tmp_path, claimed=tuple(map(claimed, stems)))) for stems in (both, both[:1], both[1:])
    ]
    assert len({tuple(stage.key for stage in plan.stages) for plan in plans}) == 1
    assert len({plan.work for plan in plans}) == 3


def test_contracts_of_two_recipes_do_not_share_a_plan(tmp_path: Path) -> None:
    request = Request(root=tmp_path, claimed=(claimed("data-split-v1"), claimed("apr-pretrain-init-finetune-v1")))
    with pytest.raises(ContractError, match="finetune-micro of aprtrain, finetune-tiny of aprtrain"):
        make_plan(request)


def test_a_profile_that_one_of_them_lacks(tmp_path: Path) -> None:
    request = Request(
        root=tmp_path, claimed=(claimed("apr-pretrain-init-finetune-v1"), claimed("data-split-v1", "micro"))
    )
    with pytest.raises(UsageError, match=r"data-split-v1\.yaml has no such profile"):
        make_plan(request)
