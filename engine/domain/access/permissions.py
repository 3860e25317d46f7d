"""The part of the whole record that exists for one person, as a value that cuts queries over cases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Permitted:
    """One person's access to the record; the store and the snapshot filter by this same value.

    It is made once for a use case. Cases are named by the references of their involvements.
    """

    every_case: bool
    """All but those left out below; otherwise only those that name the person."""
    unscreened_too: bool
    restricted_too: bool
    """Restricted cases that do not name the person."""
    named_on: frozenset[str] = frozenset()
    shut_out_of: frozenset[str] = frozenset()
    classes: frozenset[int] = frozenset()
    """The release classes whose items this person reads, by number; items without one are for all."""
    names_everywhere: bool = True
    """Otherwise names are shown only for cases that are open to the person without this."""
