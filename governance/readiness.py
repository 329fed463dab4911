"""Whether the site can do its work: the database, and whatever the rooms above this one register.

A check returns what it has to tell as a dictionary, or raises NotReady with a reason that may be shown to anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection

from governance.models import Change
from governance.replicas import position, reading

Check = Callable[[], dict[str, Any]]
_checks: dict[str, Check] = {}


class NotReady(Exception):
    """This part cannot do its work now; the message says why, in words that give nothing away."""


@dataclass(frozen=True)
class Report:
    """What each part tells, and the problems of those that are not ready."""

    parts: dict[str, dict[str, Any]]
    problems: dict[str, str]

    @property
    def ready(self) -> bool:
        return not self.problems

    def answers(self, part: str) -> bool:
        """Can this part do its work? One that the site can do without may be away, and say so."""
        return part in self.parts and self.parts[part].get("answers", True)


def register(name: str, check: Check) -> None:
    """Have `check` asked whenever somebody wants to know whether the site is ready; from an app's `ready()`."""
    _checks[name] = check


def report() -> Report:
    """Ask every part. Without a database the others are not asked: they could not tell."""
    parts: dict[str, dict[str, Any]] = {}
    problems: dict[str, str] = {}
    for name, check in {"database": database, **_checks}.items():
        try:
            parts[name] = check()
        except NotReady as problem:
            problems[name] = str(problem)
            if name == "database":
                break
        except (DatabaseError, InterfaceError):
            problems[name] = "the database does not answer"
    return Report(parts, problems)


def database() -> dict[str, Any]:
    """The database answers, and has the tables of the site; where a replica stands in, that nothing can be written."""
    try:
        told: dict[str, Any] = {"vendor": connection.vendor, "position": str(Change.objects.head())}
        if reading() != DEFAULT_DB_ALIAS and position(DEFAULT_DB_ALIAS) is None:
            told["read_only"] = True
        return told
    except (DatabaseError, InterfaceError) as error:
        raise NotReady("the database does not answer") from error
