"""Signing in: a development choice of seeded users on this machine, else what there is to configure."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, provider, record, session, sign_in, words
from dashboard.errors import show_errors
from engine.domain.accounts.acting import User
from engine.domain.accounts.sign_ins import SignInEnd
from engine.services.accounts.passwords import FEWEST_SIGNS
from engine.services.accounts.sign_ins import anybody_has_a_password
from engine.services.accounts.users import users_for_sign_in

_SAYS_WHY = {
    SignInEnd.LOCKED: (
        "The page was locked because it was not used for some time. Sign in again to continue."
    ),
    SignInEnd.LAPSED: "Your sign-in has expired. Sign in again to continue.",
    SignInEnd.CHANGED: "Your role or agency was changed. Sign in again to continue.",
    SignInEnd.PASSWORD_RESET: "Your password was reset. Sign in again with the new one.",
}


_SAYS_WHY_NOT = {
    "refused": (
        "The user name or password is not correct, or there were too many attempts. Try "
        "again, wait 15 minutes, or ask for a password reset."
    ),
    "new": "This password works only the first time. Enter it again and choose your own.",
    "weak": (
        "Choose a different new password. This one is too short, contains your user name, "
        "is your old one or is easy to guess."
    ),
    "differ": "The 2 new passwords do not match.",
}
_NO_PLACE_HERE = (
    "You cannot sign in here. Your organisation gives you no role in this system, or more than "
    "one, or your user is disabled. Ask your administrator."
)
_ASKS_FOR_ANOTHER = frozenset({"new", "weak", "differ"})


def page() -> None:
    """Draw the one page that a person who is not signed in sees."""
    markup.draw(markup.page_title("Sign in"))
    with show_errors():
        runtime = record.runtime()
        ended = session.standing_now().ended
        if ended in _SAYS_WHY:
            markup.draw(markup.notice("info", _SAYS_WHY[ended]))
        to = session.query("to") or session.here()
        why = session.query("why")
        if provider.is_offered():
            _draw_provider(why)
        if anybody_has_a_password(uow=runtime.uow):
            markup.draw(with_password(to=to, why=why))
        elif provider.is_offered() and not sign_in.is_development():
            return
        elif not sign_in.is_development():
            markup.draw(_nothing_configured())
        elif not session.is_local():
            markup.draw(_not_local())
        else:
            draw(users_for_sign_in(uow=runtime.uow), to=to)


def _draw_provider(why: str | None) -> None:
    if why == "provider":
        markup.draw(markup.notice("error", _NO_PLACE_HERE))
    if st.button("Sign in with your organisation", key="provider", type="primary"):
        st.login()


def with_password(*, to: str, why: str | None) -> markup.Markup:
    """Return a name and a password; with a new one where the old one was only for the first time."""
    parts = [markup.hidden("to", to)]
    parts.append(markup.field("User name", "user", kind="text", autocomplete="username"))
    parts.append(markup.field("Password", "password", kind="password", autocomplete="current-password"))
    if why in _ASKS_FOR_ANOTHER:
        about = f"At least {FEWEST_SIGNS} characters, without your user name. 3 words together are enough."
        new = "new-password"
        parts.append(markup.field("New password", "new", kind="password", autocomplete=new, about=about))
        parts.append(markup.field("Confirm the new password", "again", kind="password", autocomplete=new))
    parts.append(markup.element("button", "Sign in", type="submit", class_="choose"))
    form = markup.element("form", *parts, method="post", action=sign_in.SIGN_IN)
    said = markup.notice("error", _SAYS_WHY_NOT[why]) if why in _SAYS_WHY_NOT else ""
    return markup.join([said, form])


def draw(users: Sequence[User], *, to: str) -> None:
    """Draw one button for each user."""
    markup.draw(
        markup.notice(
            "warning",
            (
                "This development sign-in checks no password and works only on this machine. Use "
                "it only with invented people."
            ),
        )
    )
    if not users:
        markup.draw(markup.notice("info", "No users yet. Create one with 'stac user create'."))
        return
    rows = [
        (
            user.display_name,
            words.label(user.role),
            user.agency or "STAC",
            markup.element(
                "button",
                f"Sign in as {user.display_name}",
                type="submit",
                name="user",
                value=user.name,
                class_="choose",
            ),
        )
        for user in users
    ]
    chooser = markup.table(
        ("Name", "Role", "Agency", "Sign in"),
        rows,
        caption="Choose a user",
        class_="plain signin",
        stacks=True,
    )
    markup.draw(
        markup.element("form", markup.hidden("to", to), chooser, method="post", action=sign_in.SIGN_IN)
    )


def _nothing_configured() -> markup.Markup:
    return markup.join(
        [
            markup.notice("info", "Sign-in is not set up, so no page can be shown."),
            markup.element(
                "p",
                "To try the system with invented people on this machine, set ",
                markup.element("code", "development_sign_in = true"),
                " in settings.toml in the home folder, or ",
                markup.element("code", "STAC_DEVELOPMENT_SIGN_IN=1"),
                " in the environment. Then bind the server to 127.0.0.1 and restart it.",
            ),
        ]
    )


def _not_local() -> markup.Markup:
    return markup.notice(
        "error",
        (
            "The development sign-in works only in a browser on the machine that runs the system, "
            "without a proxy. Bind the server to 127.0.0.1 and open it there."
        ),
    )
