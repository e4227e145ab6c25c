"""HTML that escapes what was not built here."""

from pv.view.markup import Markup, definitions, join, table, tag, text


def test_text_that_is_markup() -> None:
    """A plain string is escaped in an element and in an attribute."""
    assert tag("p", "<b>&", title='"x"') == '<p title="&quot;x&quot;">&lt;b&gt;&amp;</p>'


def test_markup_is_kept() -> None:
    """What was built here is not escaped twice."""
    assert join((tag("b", "<"), Markup("<i></i>"), ">")) == "<b>&lt;</b><i></i>&gt;"


def test_string_without_end() -> None:
    """A very long text is cut and says by how much."""
    assert text("x" * 5000).endswith("… (1000 more characters)")


def test_table_without_end() -> None:
    """A very long table is cut and says by how much."""
    page = table("t", ["a", "b"], [["1", "2"]] * 700)
    assert page.count("<tr>") == 1 + 500 + 1
    assert "200 more rows are left out here" in page


def test_table_without_rows() -> None:
    """No rows, no table."""
    assert table("t", ["a"], []) == ""


def test_attribute_names() -> None:
    """Underscores become hyphens, trailing ones go."""
    assert tag("a", aria_label="x", class_="y") == '<a aria-label="x" class="y"></a>'


def test_definitions() -> None:
    """Names and values alternate."""
    assert definitions([("a", "<")]) == "<dl><dt>a</dt><dd>&lt;</dd></dl>"
