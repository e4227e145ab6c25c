"""Keys of stages change with what decides their output, and with nothing else."""

from pathlib import Path

import pytest

from pv.errors import UsageError
from pv.trial.plan import folder_digest, patched_modules

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
