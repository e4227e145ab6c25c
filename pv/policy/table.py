"""Reads the table `[tool.pv.gate]`; what it does not understand it refuses."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from pv.errors import UsageError
from pv.methodology import Effect, catalogue
from pv.policy.model import Policy, Waiver
from pv.policy.ratchet import BREACHES
from pv.verdict import Verdict

TABLE: Final = "[tool.pv.gate]"
_KEYS: Final = ("require", "contracts", "tags", "forbid", "base", "waivers")
_STAMPS: Final = ("DISCHARGED", "PARTIAL")
_WAIVER_KEYS: Final = ("breach", "on", "owner", "reason", "expires")


def read_policy(table: Mapping[str, Any], *, today: date) -> Policy:
    """Return the policy of a table.

    Args:
        table: The parsed table.
        today: Waivers that end on this day, or ended before, are expired.

    Raises:
        UsageError: An unknown key or value, or a waiver that is incomplete or expired; it is named.
    """
    _known(table, _KEYS, TABLE)
    return Policy(
        require=_stamp(table["require"], "require") if "require" in table else None,
        contracts=_stamps(table, "contracts"),
        tags=_stamps(table, "tags"),
        forbid=frozenset(_forbidden(table.get("forbid", []))),
        base=_text(table.get("base", ""), "base"),
        waivers=tuple(_waivers(table.get("waivers", []), today)),
    )


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise UsageError(where, f"key `{key}` is unknown", f"known: {', '.join(keys)}")


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise UsageError(TABLE, f"{key} is {value!r}, not a text", f'write {key} = "…"')
    return value


def _stamp(value: object, key: str) -> Verdict:
    if value not in _STAMPS:
        why = "write DISCHARGED or PARTIAL; a gate that takes less would be green for missing evidence"
        raise UsageError(TABLE, f"{key} is {value!r}, which is no stamp to ask for", why)
    return Verdict(str(value))


def _stamps(table: Mapping[str, Any], key: str) -> Mapping[str, Verdict]:
    rows = table.get(key, {})
    if not isinstance(rows, Mapping):
        raise UsageError(TABLE, f"{key} is {rows!r}, not a table", f'write [tool.pv.gate.{key}] with "NAME" = "STAMP"')
    return MappingProxyType({str(name): _stamp(stamp, f"{key}.{name}") for name, stamp in rows.items()})


def _forbidden(value: object) -> Iterator[str]:
    if not isinstance(value, list):
        raise UsageError(TABLE, f"forbid is {value!r}, not a list", 'write forbid = ["invalidates"]')
    known = (*map(str, Effect), *catalogue())
    for name in value:
        if name not in known:
            raise UsageError(
                TABLE, f"forbid names {name!r}, which is no rule and no effect", f"known: {', '.join(known)}"
            )
        yield str(name)


def _waivers(value: object, today: date) -> Iterator[Waiver]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise UsageError(TABLE, "waivers is not an array of tables", "write each under [[tool.pv.gate.waivers]]")
    for number, row in enumerate(value, start=1):
        yield _waiver(row, f"{TABLE} waiver {number} ({row.get('breach', '?')} on {row.get('on', '?')})", today)


def _waiver(row: Mapping[str, Any], where: str, today: date) -> Waiver:
    _known(row, _WAIVER_KEYS, where)
    missing = [key for key in _WAIVER_KEYS if not str(row.get(key, "")).strip()]
    if missing:
        fix = "a waiver names breach, on, owner, reason and expires"
        raise UsageError(where, f"is incomplete: it has no {', no '.join(missing)}", fix)
    texts = {key: row[key] for key in _WAIVER_KEYS if key != "expires"}
    for key, text in texts.items():
        if not isinstance(text, str):
            raise UsageError(where, f"{key} is {text!r}, not a text", f'write {key} = "…"')
    if texts["breach"] not in BREACHES:
        raise UsageError(where, "its breach cannot be waived", f"known: {', '.join(BREACHES)}")
    expires = _day(row["expires"], where)
    if expires <= today:
        what = f"expired on {expires.isoformat()}; today is {today.isoformat()}"
        raise UsageError(where, what, "end the breach, or let its owner argue for another day")
    return Waiver(expires=expires, **texts)


def _day(value: object, where: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise UsageError(where, f"expires is {value!r}, not a day", "write expires = 2027-01-31")
