"""Users of the record: create, update, disable, reset a password, sign in on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import one_of
from cli.options import AsJson
from cli.output import print_json, say
from cli.session import Answer, Desk, record_only
from engine.domain.errors import InvalidInputError, NewPasswordError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.runtime import Runtime

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
_ROLES = (
    "co-ordinator, chair, practitioner, analyst, manager, auditor, data-protection officer or administrator."
)
Agency = Annotated[str | None, typer.Option(metavar="CODE", help="The agency of a practitioner.")]


def create(
    desk: Desk,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens.")],
    role: Annotated[str, typer.Option(help=_ROLES)],
    agency: Agency = None,
    display_name: Annotated[str | None, typer.Option(help="The name on pages.")] = None,
    with_password: Annotated[
        bool, typer.Option("--with-password", help="Give a start password, shown once.")
    ] = False,
) -> None:
    """Create a user with a role and, for a practitioner, an agency. Real people need a password.

    Example: stac user create amina --role practitioner --agency health
    """
    from cli.input_files import checked
    from engine.domain.accounts.acting import Role, User
    from engine.services.accounts.passwords import give_start_password, require_first_password_fits
    from engine.services.accounts.users import add_user

    chosen = one_of(Role, role, "--role")

    _require_installed(desk.runtime, agency)
    given = {"name": name, "display_name": display_name or name, "role": chosen, "agency": agency}
    to_add = checked(User, given)
    if with_password:
        require_first_password_fits(uow=desk.runtime.uow, user=to_add)
    was_open = _all_act_on_their_word(desk.runtime)
    added = add_user(desk.context, user=to_add)
    password = give_start_password(desk.context, name=added.name) if with_password else None
    if desk.as_json:
        fields = added.model_dump(mode="json")
        print_json({**fields, "start_password": password} if password else fields)
        return
    of = f" of {added.agency}" if added.agency else ""
    say(f"user {added.name} is created: {added.role.value}{of}")
    _tell_password(added.name, password, was_open=was_open)


def reset_password(desk: Desk, name: Name) -> None:
    """Reset a user's password to a start password, and end their sign-ins.

    Example: stac user reset-password amina
    """
    from engine.services.accounts.passwords import give_start_password

    was_open = _all_act_on_their_word(desk.runtime)
    password = give_start_password(desk.context, name=name)
    if desk.as_json:
        print_json({"name": name, "start_password": password})
    else:
        _tell_password(name, password, was_open=was_open)


def update(
    desk: Desk, name: Name, role: Annotated[str, typer.Option(help=_ROLES)], agency: Agency = None
) -> None:
    """Update a user's role or agency. Their sign-ins end, and they are removed from every case.

    Example: stac user update amina --role analyst
    """
    from engine.domain.accounts.acting import Role
    from engine.services.accounts.users import change_role

    chosen = one_of(Role, role, "--role")

    _require_installed(desk.runtime, agency)
    changed = change_role(desk.context, name=name, role=chosen, agency=agency)
    if desk.as_json:
        print_json(changed.model_dump(mode="json"))
    else:
        whose = f" of {changed.agency}" if agency else ""
        say(f"user {changed.name} is {changed.role.value}{whose}, and is not named on any case now")


def disable(
    desk: Desk,
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Enable the user again.")] = False,
) -> Answer:
    """Disable a user. Their past activity stays in the audit log.

    Example: stac user disable amina
    """
    from engine.services.accounts.users import set_active

    changed = set_active(desk.context, name=name, active=undo)
    return Answer(
        changed,
        f"user {name} may sign in again" if undo else f"user {name} is disabled, and signed out everywhere",
    )


def list_(desk: Desk) -> None:
    """List the users of the record.

    Example: stac user list
    """
    from cli.tables import console, draw_table
    from engine.services.accounts.users import list_users

    there = list_users(desk.context)
    if desk.as_json:
        print_json({"users": [one.model_dump(mode="json") for one in there]})
        return

    draw_table(
        console(),
        None,
        ("name", "shown as", "role", "agency", "may sign in"),
        (
            (one.name, one.display_name, one.role.value, one.agency or "none", "yes" if one.active else "no")
            for one in there
        ),
    )


def login(
    name: Name,
    new_password: Annotated[
        bool, typer.Option("--new-password", help="Choose a new password at the same time.")
    ] = False,
    code: Annotated[
        str | None, typer.Option(metavar="CODE", help="From the dashboard, instead of a password.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign in on the command line for a short time, as this operating-system account.

    Example: stac login amina
    """
    with record_only(as_json) as runtime:
        from cli.accounts.sign_in import account, write_token
        from engine.services.accounts.one_time_tokens import sign_in_with_code
        from engine.services.accounts.passwords import sign_in_with_password

        if _all_act_on_their_word(runtime):
            raise SetupError(f"no user of this record has a password yet; use --as {name}")
        lasts = runtime.settings.sign_in.command_lasts
        if code is not None:
            token = sign_in_with_code(
                uow=runtime.uow, clock=runtime.clock, name=name, code=code, lasts=lasts, account=account()
            )
        else:
            password = _asked("Password")

            def sign_in(new: str | None) -> str:
                return sign_in_with_password(
                    uow=runtime.uow,
                    clock=runtime.clock,
                    key=runtime.key,
                    name=name,
                    password=password,
                    lasts=lasts,
                    place=f"command of {account()}",
                    new_password=new,
                    account=account(),
                )

            token = _with_password(sign_in, choose=new_password, as_json=as_json)
        write_token(runtime.settings.home, name, token)
        minutes = runtime.settings.sign_in.command_minutes
    if as_json:
        print_json({"user": name, "account": account(), "minutes": minutes})
    else:
        say(f"{name} is signed in under {account()} for {minutes} minutes; 'stac logout' ends it")


def logout(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One user; default: every sign-in of this account.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign out of this operating-system account's sign-ins on the command line.

    Example: stac logout
    """
    with record_only(as_json) as runtime:
        from cli.accounts.sign_in import end_own

        ended = end_own(runtime, name)
    if as_json:
        print_json({"signed_out": list(ended)})
    else:
        say(f"signed out: {', '.join(ended)}" if ended else "No user was signed in under this account.")


def _all_act_on_their_word(runtime: Runtime) -> bool:
    from engine.services.accounts.sign_ins import all_act_on_their_word

    return all_act_on_their_word(uow=runtime.uow)


def _require_installed(runtime: Runtime, agency: str | None) -> None:
    if agency is not None and agency not in runtime.agencies.codes:
        there = ", ".join(runtime.agencies.codes) or "none"
        raise InvalidInputError("agency", f"not installed; there are: {there}")


def _tell_password(name: str, password: str | None, *, was_open: bool) -> None:
    if password is None:
        return
    say(f"start password of {name}, shown only once: {password}")
    if was_open:
        say(f"From now on users must sign in: 'stac login {name}', or in the dashboard.")


def _with_password(sign_in: Callable[[str | None], str], *, choose: bool, as_json: bool) -> str:
    """Return the token of a sign-in.

    A user who comes for the first time is asked for a password of their own.
    """
    try:
        return sign_in(_new_password() if choose else None)
    except NewPasswordError as must:
        if as_json:
            raise
        say(str(must))
        return sign_in(_new_password())


def _asked(what: str) -> str:
    return str(typer.prompt(what, hide_input=True, err=True))


def _new_password() -> str:
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt="Once more", err=True))
