"""Files that a page made and offers for download: each is fetched once, by the person who made it.

They are in the memory of this process only, each for five minutes, and no longer than the 40 newest.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

from dashboard import record
from engine.domain.errors import NotFoundError
from engine.domain.links.exported_maps import ExportedMap

_MOST = 40
FETCHED_WITHIN = timedelta(minutes=5)
_MADE: OrderedDict[tuple[str, str, str], tuple[datetime, ExportedMap]] = OrderedDict()
_LOCK = Lock()
_ANSWERED: deque[tuple[str, str, str]] = deque(maxlen=1000)
"""Person, kind and reference of the files that were fetched or refused last."""


def offer(user: str, made: ExportedMap) -> str:
    """Hold a file for this person; return by what it is fetched."""
    token = secrets.token_urlsafe(16)
    with _LOCK:
        _forget_old()
        _MADE[_key(user, token)] = record.runtime().clock.now(), made
        while len(_MADE) > _MOST:
            _MADE.popitem(last=False)
    return token


def take(user: str, token: str) -> ExportedMap:
    """Return a file to who made it, once. Raises NotFoundError."""
    with _LOCK:
        _forget_old()
        made = _MADE.pop(_key(user, token), None)
    if made is None:
        raise NotFoundError("file", "of this page", instead="create the file again")
    return made[1]


def holds(user: str, token: str) -> bool:
    """Return whether this person can still fetch the file: too many others may have been made since."""
    with _LOCK:
        _forget_old()
        return _key(user, token) in _MADE


def note_answered(user: str, kind: str, reference: str | None) -> None:
    """Note that this person fetched a file, or was refused it for good: their page need not offer it."""
    if reference:
        _ANSWERED.append((user, kind, reference))


def was_answered(user: str, kind: str, reference: str) -> bool:
    """Return whether this person fetched this file, or was refused it."""
    return (user, kind, reference) in _ANSWERED


def _forget_old() -> None:
    oldest = record.runtime().clock.now() - FETCHED_WITHIN
    for key in [key for key, (at, _) in _MADE.items() if at < oldest]:
        del _MADE[key]


def _key(user: str, token: str) -> tuple[str, str, str]:
    return str(record.runtime().settings.home), user, token
