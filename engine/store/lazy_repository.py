"""A repository that is loaded when it is first used. Knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from sqlmodel import Session

R = TypeVar("R")


class OfSession(Protocol):
    """Source of repositories: something with the session of one transaction."""

    _session: Session


class Late(Generic[R]):
    """A repository by its module: loaded when it is first asked for, and made once for each transaction.

    Its class is the one that the row's annotation names. It is made with the session, and with what ``also``
    gives.
    """

    def __init__(self, module: str, also: Callable[..., object] | None = None) -> None:
        self.module = module
        self._also = also

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self.class_name = str(owner.__annotations__[name]).removeprefix("Late[").removesuffix("]")

    def __get__(self, work: OfSession, owner: type) -> R:
        also = [self._also(work)] if self._also else []
        made: R = getattr(import_module(self.module), self.class_name)(work._session, *also)
        work.__dict__[self._name] = made  # found there before this is asked again
        return made
