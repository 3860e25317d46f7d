"""Repeats on a record that went back, by a restore or otherwise, what was done since to protect a person.

What opens something again is not repeated: a person can do it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from engine.access import passwords
from engine.domain.access.need_to_know import ConflictDeclaration, Restriction
from engine.domain.accounts.sign_ins import SignInEnd
from engine.domain.agencies.health import Suspension
from engine.domain.base import Frozen
from engine.domain.errors import NotFoundError
from engine.domain.rights.retention import Certificate, RetentionAct, RetentionDecision
from engine.domain.rights.subject_access import RequestErased as RequestErasedStep
from engine.domain.rights.subject_access import Step, StepKind
from engine.domain.sharing import Grounds, StoredRule
from engine.domain.system.registered_acts import RegisteredAct
from engine.domain.system.repeated_acts import (
    ActsOfOthersShared,
    AgencySuspended,
    CaseRestricted,
    CasesClosed,
    ConflictDeclared,
    EntrustedTask,
    Erased,
    HoldPut,
    IncidentRuled,
    ItemRuled,
    ItemsWithdrawn,
    LinkItemShared,
    PasswordChanged,
    PersonEntrusted,
    RepeatedAct,
    RequestErased,
    UserChanged,
    VictimWordsWithdrawn,
    newest_of,
)
from engine.domain.vault.openings import SafeContactNamed
from engine.services.accounts.users import become_another
from engine.services.context import VaultContext
from engine.services.responses.withdrawal import WithdrawnAgain, withdraw_again
from engine.services.rights.erasing import erase_part
from engine.services.sharing.incident_rules import narrow_incident_again
from engine.services.sharing.release_rules import narrow_again
from engine.store.unit_of_work import Work

WHY = "Repeated after a restore; the reason was recorded after the backup."


class NotReleased(Frozen):
    """Items that were withdrawn or limited, of a response that the backup has not released or not at all."""

    reference: str
    agency: str
    items: int


class Repeated(Frozen):
    """The repeated acts: by kind, how many; how many were about what the backup does not have.

    A withdrawal or limit of items ``not_released`` could not be repeated: their agency withholds or limits
    them at the release.
    ``start_passwords`` are shown once, by user.
    """

    by_kind: dict[str, int]
    not_there: int
    not_released: tuple[NotReleased, ...] = ()
    start_passwords: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Repeated({self.by_kind})"


class AllInEffectError(Exception):
    """All that was to be repeated is in effect, so nothing is recorded."""


def repeat(
    context: VaultContext,
    acts: Sequence[RegisteredAct],
    *,
    lacking: Sequence[RegisteredAct],
    what: str,
    only_if_needed: bool = False,
) -> Repeated:
    """Repeat, in one transaction, the acts that the record lacks, of these that were recorded.

    With ``only_if_needed`` it raises AllInEffectError, and records nothing, where all is in effect.

    Of acts about the same the newest applies. What is in effect already, and what the record does not know,
    is left as it is.
    """
    not_released: list[NotReleased] = []
    start_passwords: dict[str, str] = {}
    done: Counter[str] = Counter()
    not_there = 0
    are_lacking = {each.act.about for each in lacking}
    with context.writing(what) as work:
        work.repeats_acts = True
        work.sign_ins.end_all(at=context.clock.now(), because=SignInEnd.WENT_BACK)
        for act in newest_of([each.act for each in acts]):
            if act.about not in are_lacking:
                continue
            try:
                repeats = _repeat(work, context, act, start_passwords, not_released)
            except NotFoundError:
                not_there += 1
                continue
            done[act.kind] += int(repeats)
        by_kind = {kind: count for kind, count in sorted(done.items()) if count}
        if only_if_needed and not by_kind:
            raise AllInEffectError
        work.notes(**{kind.replace(" ", "_").replace("'", ""): count for kind, count in by_kind.items()})
        work.notes(not_there=not_there, not_released=sum(each.items for each in not_released))
    return Repeated(
        by_kind=by_kind,
        not_there=not_there,
        not_released=tuple(not_released),
        start_passwords=start_passwords,
    )


def _repeat(
    work: Work,
    context: VaultContext,
    act: RepeatedAct,
    start_passwords: dict[str, str],
    not_released: list[NotReleased],
) -> bool:
    """Repeat one act; return whether it changed anything. Raises NotFoundError for what is not there."""
    match act:
        case Erased():
            return _erase(work, context, act)
        case RequestErased():
            return _erase_request(work, act)
        case ItemsWithdrawn():
            work.cases.get(act.case)
            withdrawn = Counter(
                withdraw_again(work, context, reference=act.case, agency=act.agency, item=item, by=act.by)
                for item in act.items
            )
            if missed := withdrawn[WithdrawnAgain.NOT_RELEASED]:
                not_released.append(NotReleased(reference=act.case, agency=act.agency, items=missed))
            return withdrawn[WithdrawnAgain.DONE] > 0
        case VictimWordsWithdrawn():
            there = {each.number: each for each in work.conference_victim_words.of([act.case])[act.case]}
            if act.number in there and there[act.number].is_withdrawn:
                return False
            work.conference_victim_words.withdraw(act.case, act.number, by=act.by, at=act.at)
            return True
        case CaseRestricted():
            return _restrict(work, act)
        case ConflictDeclared():
            return _declare(work, act)
        case UserChanged():
            return _change_user(work, context, act)
        case PasswordChanged():
            return _new_password(work, context, act, start_passwords)
        case HoldPut():
            return _hold(work, act)
        case CasesClosed():
            return _close_cases(work, act)
        case ItemRuled():
            return _rule_item(work, context, act, not_released)
        case IncidentRuled():
            work.cases.get(act.case)
            rule = _rule(context, act, act.incident)
            return narrow_incident_again(work, act.case, rule, owner=act.owner)
        case AgencySuspended():
            return _suspend(work, act)
        case ActsOfOthersShared():
            return _withdraw_acts(work, act)
        case LinkItemShared():
            return _end_share(work, act)
        case PersonEntrusted():
            return _entrust(work, act)
        case _:
            assert_never(act)


def _erase(work: Work, context: VaultContext, act: Erased) -> bool:
    work.cases.get(act.case)
    if any(each.reference == act.certificate for each in work.retention.certificates([act.case])):
        return False
    named = Certificate(
        reference=act.certificate,
        involvement=act.case,
        owner=act.owner,
        ground=act.ground,
        schedule=None,
        why=WHY,
        decided_by=act.decided_by,
        by=act.by,
        role=act.role,
        at=act.at,
        rows=(),
        protected_values=0,
    )
    erase_part(work, context, named)
    return True


def _erase_request(work: Work, act: RequestErased) -> bool:
    there = work.subject_access.get(act.request)
    if there.newest(StepKind.ERASED) is not None:
        return False
    rows = work.erasing.of_access_request(act.request)
    rows += work.erasing.protected(act.request, told_by=None)
    work.subject_access.add(
        act.request, Step(what=RequestErasedStep(why=WHY, rows=rows), by=act.by, at=act.at)
    )
    return True


def _restrict(work: Work, act: CaseRestricted) -> bool:
    restriction = Restriction(involvement=act.case, because=act.because, why=WHY, by=act.by, at=act.at)
    work.cases.get(act.case)
    if not restriction.is_restricted or work.need_to_know.is_restricted(act.case):
        return False
    if work.users.known(act.by) is not None:  # the person who restricted it is not shut out by that
        work.cases.name_people(act.case, [act.by], by=act.by, at=act.at)
    work.need_to_know.restrict([restriction])
    work.touches(act.case)
    return True


def _declare(work: Work, act: ConflictDeclared) -> bool:
    work.cases.get(act.case)
    if not act.is_connected or act.case in work.need_to_know.connected_on(act.user):
        return False
    work.need_to_know.store_declaration(
        ConflictDeclaration(
            involvement=act.case,
            user=act.user,
            is_connected=True,
            said_by=act.said_by,
            by=act.by,
            why=WHY,
            at=act.at,
        )
    )
    work.touches(act.case)
    return True


def _change_user(work: Work, context: VaultContext, act: UserChanged) -> bool:
    before = work.users.known(act.user)
    if before is None:
        raise NotFoundError("user", act.user)
    after = before.model_copy(
        update={"role": act.role, "agency": act.agency, "active": before.active and act.active}
    )
    if after == before:
        return False
    work.users.change(after)
    become_another(work, before, after, at=context.clock.now())
    return True


def _new_password(
    work: Work, context: VaultContext, act: PasswordChanged, start_passwords: dict[str, str]
) -> bool:
    account = work.sign_ins.account_of(act.user)
    if account is None:
        raise NotFoundError("account", act.user)
    if account.changed_at >= act.at:
        return False
    password = passwords.start_password()
    at = context.clock.now()
    work.sign_ins.store_account(act.user, password_hash=passwords.hashed(password), must_change=True, at=at)
    work.sign_ins.end_all_of(act.user, at=at, because=SignInEnd.PASSWORD_RESET)
    start_passwords[act.user] = password
    return True


def _hold(work: Work, act: HoldPut) -> bool:
    work.cases.get(act.case)
    holds = (RetentionAct.HOLD, RetentionAct.LIFT)
    said = [
        each.act for each in work.retention.words([act.case]) if each.owner == act.owner and each.act in holds
    ]
    if not act.is_held or (said and said[-1] is RetentionAct.HOLD):
        return False
    work.retention.say(
        RetentionDecision(
            involvement=act.case, owner=act.owner, act=RetentionAct.HOLD, why=WHY, by=act.by, at=act.at
        )
    )
    return True


def _close_cases(work: Work, act: CasesClosed) -> bool:
    if work.users.known(act.user) is None:
        raise NotFoundError("user", act.user)
    closed = work.cases.unname(act.user, before=act.at)
    work.touches(*closed)
    return bool(closed)


def _rule_item(work: Work, context: VaultContext, act: ItemRuled, not_released: list[NotReleased]) -> bool:
    work.cases.get(act.case)
    agency = act.release.owner
    if work.answers.of(act.case, agency) is None:
        # It is asked again, and its item is released without the rule.
        not_released.append(NotReleased(reference=act.case, agency=agency, items=1))
        return False
    return narrow_again(work, context, act.case, _rule(context, act, act.item))


def _rule(context: VaultContext, act: ItemRuled | IncidentRuled, item: str) -> StoredRule:
    grounds = Grounds(purpose=context.acting.purpose)
    return StoredRule(item=item, release_class=act.release, grounds=grounds, why=WHY, by=act.by, at=act.at)


def _withdraw_acts(work: Work, act: ActsOfOthersShared) -> bool:
    work.cases.get(act.case)
    if act.is_shared or work.shared_acts.of(act.case) is None:
        return False
    work.shared_acts.withdraw(act.case, role=act.role, why=WHY, by=act.by, at=act.at)
    return True


def _end_share(work: Work, act: LinkItemShared) -> bool:
    there = {each.item for each in work.links.shares.received_by(act.share.recipient)}
    if act.share.act.is_shared or act.share.item not in there:
        return False
    work.links.shares.store(act.share)
    return True


def _entrust(work: Work, act: PersonEntrusted) -> bool:
    """Name the same person again, so that who had the task before has it no longer."""
    work.cases.get(act.case)
    is_officer = act.task is EntrustedTask.SAFE_CONTACT_OFFICER
    named = work.openings.officers_named if is_officer else work.reviews.leads_named
    last = named([act.case]).get(act.case)
    if last is None or last[1] == act.user:
        return False
    if is_officer:
        work.openings.name_officer(
            SafeContactNamed(involvement=act.case, user=act.user, by=act.by, at=act.at)
        )
    else:
        work.reviews.name_lead(act.case, act.user, by=act.by, at=act.at)
    return True


def _suspend(work: Work, act: AgencySuspended) -> bool:
    if not act.is_suspended or act.agency in work.agencies_watched.suspended():
        return False
    work.agencies_watched.store_suspension(
        Suspension(agency=act.agency, is_suspended=True, why=WHY, by=act.by, at=act.at)
    )
    return True
