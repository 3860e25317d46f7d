"""Acting user at the command: a sign-in of this operating-system account, or, among invented people, a name.

A token is in the home folder, in a folder of its account, for that account's eyes; the record has its
digest. ``--as`` chooses among an account's own sign-ins. Only while no user in the record can prove who they
are, as in a demonstration, is a name enough.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.errors import InvalidInputError, SetupError, SignInError
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from engine.domain.accounts.acting import Acting
    from engine.runtime import Runtime

SAY_WHO = "give the user: --as USER, or set STAC_USER"


def account() -> str:
    """Return the operating-system account of this process: its name,
    and the number that its user cannot choose.
    """
    number = os.getuid()
    try:
        return f"{pwd.getpwuid(number).pw_name} ({number})"
    except KeyError:
        return f"({number})"


def may_have_signed_in(environ: Mapping[str, str]) -> bool:
    """Return whether this account has a token at all; asked before anything is opened."""
    from engine.runtime import home_of

    return bool(_token_files(home_of(environ)))


def acting_now(runtime: Runtime, wanted: str | None, given: str) -> Acting:
    """Return who acts: the user of a sign-in of this account, chosen by name if there are several.

    A task by its name is that of today, as on the pages: "triage" is "triage of 25 November 2026".
    """
    from engine.domain.accounts.tasks import purpose_given

    purpose = purpose_given(given, runtime.clock.today())
    from engine.services.accounts.sign_ins import all_act_on_their_word, look_at_sign_in
    from engine.services.accounts.users import find_user

    if all_act_on_their_word(uow=runtime.uow):
        if not wanted:
            raise InvalidInputError("user", SAY_WHO)
        return find_user(uow=runtime.uow, name=wanted).acting(purpose, account=account())
    stored_files_by_name = _token_files(runtime.settings.home)
    name = wanted or _only(stored_files_by_name)
    if name not in stored_files_by_name:
        raise SignInError(f"{name} is not signed in under this account; run 'stac login {name}'")
    standing = look_at_sign_in(
        uow=runtime.uow,
        clock=runtime.clock,
        token=_read(stored_files_by_name[name]),
        lock_after=runtime.settings.sign_in.command_lasts,
        account=account(),
    )
    if standing.user is None or standing.user.name != name:
        why = standing.ended.value if standing.ended else "it is another user's"
        raise SignInError(f"the sign-in of {name} is not valid: {why}; run 'stac login {name}'")
    return standing.user.acting(purpose, account=account())


def write_token(home: Path, name: str, token: str) -> None:
    """Store a token only for this account."""
    try:
        home.joinpath("sign-ins").mkdir(mode=0o700, exist_ok=True)
        folder = _folder(home)
        folder.mkdir(mode=0o700, exist_ok=True)
        aside = folder / f".{name}.{os.getpid()}"
        handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(token)
        aside.replace(folder / name)
    except OSError as error:
        raise SetupError(f"the sign-in cannot be stored in the home folder ({why_not(error)})") from None


def end_own(runtime: Runtime, name: str | None) -> tuple[str, ...]:
    """End this account's sign-ins, or the one of this user; whose they were."""
    from engine.services.accounts.sign_ins import end_sign_in

    stored_files_by_name = _token_files(runtime.settings.home)
    chosen = (
        {name: stored_files_by_name[name]}
        if name in stored_files_by_name
        else {}
        if name
        else stored_files_by_name
    )
    for file in chosen.values():
        end_sign_in(uow=runtime.uow, clock=runtime.clock, token=_read(file))
        with suppress(OSError):
            file.unlink()
    return tuple(sorted(chosen))


def _folder(home: Path) -> Path:
    return home / "sign-ins" / str(os.getuid())


def _token_files(home: Path) -> dict[str, Path]:
    """Return the tokens of this account that only it may read, by user."""
    try:
        files = [file for file in _folder(home).iterdir() if not file.name.startswith(".")]
        return {file.name: file for file in files if _is_ours_alone(file)}
    except OSError:
        return {}


def _is_ours_alone(file: Path) -> bool:
    stat_result = file.lstat()
    return stat_result.st_uid == os.getuid() and not stat_result.st_mode & 0o077 and not file.is_symlink()


def _only(stored_files_by_name: Mapping[str, Path]) -> str:
    if len(stored_files_by_name) == 1:
        return next(iter(stored_files_by_name))
    if stored_files_by_name:
        raise InvalidInputError(
            "user", f"choose one of your sign-ins: --as {' or --as '.join(sorted(stored_files_by_name))}"
        )
    raise SignInError("no user is signed in under this account; run 'stac login USER'")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
