"""Conflicts of interest: a person is asked, declares, and then the case does not exist for them."""

from __future__ import annotations

from engine.access.policy import May
from engine.domain.access.need_to_know import ConflictDeclaration, ConnectionQuestion, SaidBy
from engine.domain.accounts.acting import Role
from engine.domain.errors import InvalidInputError
from engine.domain.ids import read_reference
from engine.domain.people.persons import ClaimedRole
from engine.services.access.checks import open_case
from engine.services.access.lost_drafts import destroy_lost_drafts
from engine.services.access.restrictions import must_be_chair_or_advocate, written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work

_PARTIES = (ClaimedRole.PERPETRATOR, ClaimedRole.VICTIM)


def question(context: Context, *, reference: str) -> ConnectionQuestion | None:
    """Return what a practitioner named on a case is asked before it first opens; None when nothing is.

    It shows the two parties by name, since it cannot be answered without, and nothing else of the case.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    if not _asks(context):
        return None
    reference = read_reference("involvement", reference)
    with context.uow.unrecorded() as work:
        if not owes_answer(work, context, reference):
            return None
    with context.reading("ask about connection") as work:
        involvement = open_case(work, context.acting, reference, May.SAY_OWN_CONNECTION)
        people = {person.role: person.described for person in work.people.on_cases([involvement.reference])}
        return ConnectionQuestion(
            reference=involvement.reference,
            parties=tuple(people[role].full_name for role in _PARTIES if role in people),
        )


def owes_answer(work: Work, context: Context, reference: str) -> bool:
    """Return whether this person is asked about their connection before this case opens to them.

    Part of a larger use case.
    """
    return _asks(context) and not work.need_to_know.has_said(context.acting.user, reference)


def _asks(context: Context) -> bool:
    return context.settings.ask_about_connections and context.acting.role is Role.PRACTITIONER


def say_own(context: Context, *, reference: str, is_connected: bool) -> ConflictDeclaration:
    """Record whether the person who acts is connected to a party; "connected" closes the case to them.

    Only the chair undoes that: for the person themselves the case no longer exists.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.writing("say own connection") as work:
        involvement = open_case(work, context.acting, reference, May.SAY_OWN_CONNECTION)
        declaration = ConflictDeclaration(
            involvement=involvement.reference,
            user=context.acting.user,
            is_connected=is_connected,
            said_by=SaidBy.SELF,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.need_to_know.store_declaration(declaration)
        destroy_lost_drafts(work, at=declaration.at, user=declaration.user)
        work.notes(connected=int(is_connected))
        return declaration


def say_of(
    context: Context, *, reference: str, user: str, is_connected: bool, why: str, victim_says: bool = False
) -> ConflictDeclaration:
    """Record, with a reason, whether another person is connected.

    The chair says it, or the advocate for themselves or for the victim. Only the chair says that a person is
    *not* connected after all; that undoes every such declaration on the case.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the chair says it for the victim, an advocate undoes a
        connection, or the person who acts names themselves.
    NotFoundError
        The case is not open to the person who acts, or the user does not exist.
    NotPermittedError
        Only the chair and the victim's advocate may do this.
    """
    agencies = context.agencies_known
    reason = written_reason(why)
    with context.writing("say connection") as work:
        involvement = open_case(work, context.acting, reference, May.SAY_CONNECTION)
        must_be_chair_or_advocate(May.SAY_CONNECTION, context.acting, agencies)
        is_chair = context.acting.role is Role.CHAIR
        if is_chair and victim_says:
            raise InvalidInputError("victim", "what the victim says must come through the victim's advocate")
        if not is_connected and not is_chair:
            raise InvalidInputError("connection", "only the chair can withdraw a conflict of interest")
        about = work.users.get(user)
        if about.name == context.acting.user:
            raise InvalidInputError("user", "to declare your own connection, leave out --user")
        advocate = SaidBy.VICTIM if victim_says else SaidBy.ADVOCATE
        declaration = ConflictDeclaration(
            involvement=involvement.reference,
            user=about.name,
            is_connected=is_connected,
            said_by=SaidBy.CHAIR if is_chair else advocate,
            by=context.acting.user,
            why=reason,
            at=context.clock.now(),
        )
        where = {involvement.reference}
        if not is_connected:
            shut_out = work.need_to_know.with_the_same_parties([involvement.reference])
            where |= set(work.need_to_know.connected_on(about.name)) & shut_out
        for each in sorted(where):
            work.need_to_know.store_declaration(declaration.model_copy(update={"involvement": each}))
        destroy_lost_drafts(work, at=declaration.at, user=about.name)
        work.notes(about=about.name, connected=int(is_connected))
        return declaration
