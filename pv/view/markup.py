"""HTML in which every text is escaped unless it was built here."""

from collections.abc import Iterable, Sequence
from html import escape

from pv.view.layout import clean

_MOST_ROWS = 500


class Markup(str):
    """HTML that is already safe to print."""

    __slots__ = ()


Child = str | Markup


def tag(name: str, *children: Child, **attributes: str) -> Markup:
    """An element; plain strings among its children are escaped, attributes always.

    In attribute names, trailing underscores go and the others become hyphens: `class_`, `aria_label`.
    """
    pairs = (f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{''.join(pairs)}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Markup:
    """The children after one another, escaped where they are plain."""
    return Markup("".join(child if isinstance(child, Markup) else text(child) for child in children))


def text(value: object) -> Markup:
    """Any value as escaped text of bounded length, its control characters made visible."""
    return Markup(escape(clean(value)))


def table(caption: str, titles: Sequence[str], rows: Sequence[Sequence[Child]]) -> Markup:
    """A table with a caption in a region that scrolls by keyboard; empty without rows."""
    if not rows:
        return Markup("")
    head = tag("tr", *(tag("th", title, scope="col") for title in titles))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows[:_MOST_ROWS]
    ]
    left = len(rows) - _MOST_ROWS
    more = [tag("tr", tag("td", f"{left} more rows are left out here", colspan=str(len(titles))))] if left > 0 else []
    inner = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body, *more))
    return tag("div", inner, class_="scroll", role="region", aria_label=caption, tabindex="0")


def definitions(pairs: Iterable[tuple[str, Child]]) -> Markup:
    """A list of names and values."""
    return tag("dl", *(join((tag("dt", name), tag("dd", value))) for name, value in pairs))
