"""What a person is typing: stored for them alone, until it is recorded, erased or too old."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, select

from engine.domain.access.need_to_know import ConflictDeclaration
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.drafts import ABOUT_NO_CASE, LONGEST, MOST_FIELDS, DraftForm
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.services.access import conflicts, restrictions
from engine.services.accounts.users import change_role, find_user, set_active
from engine.services.cases.worklists import daily_sweep
from engine.services.drafts import OpenedDraft, end_draft, open_draft, save_draft
from engine.services.referrals.screening import end_involvement, screen
from engine.services.rights import retention
from engine.services.vault import keys as vault_keys
from engine.store.database import open_database
from tests.builders import Desk, a_referral, a_screening, in_one_entry

TYPED = "He waited at the corner marker again."
INCIDENT = DraftForm.INCIDENT


def a_case(desk: Desk, number: str = "1") -> str:
    reference = desk.refer(a_referral(number)).referrals[0]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def opened(desk: Desk, who: Acting, case: str, form: DraftForm = INCIDENT) -> OpenedDraft:
    return open_draft(desk.context(who), form=form, case=case)


def save(desk: Desk, who: Acting, signed_pass: str, typed: str = TYPED, field: str = "what") -> None:
    save_draft(
        **desk.common,
        key=desk.runtime.key,
        user=find_user(uow=desk.runtime.uow, name=who.user),
        signed_pass=signed_pass,
        fields={field: typed},
    )


def typed(desk: Desk, who: Acting, case: str, text: str = TYPED, form: DraftForm = INCIDENT) -> OpenedDraft:
    """Somebody has opened a form and typed."""
    draft = opened(desk, who, case, form)
    save(desk, who, draft.signed_pass, text)
    return draft


def texts(draft: OpenedDraft) -> dict[str, str]:
    return {code: each.text for code, each in draft.fields.items()}


def drafts_stored(desk: Desk) -> int:
    with desk.runtime.uow.unrecorded() as work:
        return len(work.drafts.owners())


@pytest.mark.parametrize(
    "text", ["Ends in a space ", "\n  - a list\n", "e\u0301, \u202e and \U0001f6aa", "'; --"]
)
def test_what_was_typed_comes_back_to_the_last_space(desk: Desk, text: str) -> None:
    case = a_case(desk)
    typed(desk, desk.coordinator, case, text)
    assert texts(opened(desk, desk.coordinator, case)) == {"what": text}


def test_what_was_typed_comes_back_field_by_field(desk: Desk) -> None:
    case = a_case(desk)
    draft = typed(desk, desk.coordinator, case)
    save(desk, desk.coordinator, draft.signed_pass, "2026/1", field="crime")
    save(desk, desk.coordinator, draft.signed_pass, TYPED + " Twice.")
    again = opened(desk, desk.coordinator, case)
    assert texts(again) == {"what": TYPED + " Twice.", "crime": "2026/1"}
    assert again.fields["what"].saved_at == desk.clock.now()
    save(desk, desk.coordinator, draft.signed_pass, "")
    assert texts(opened(desk, desk.coordinator, case)) == {"crime": "2026/1"}


@pytest.mark.parametrize("form", [form for form in DraftForm if form is not INCIDENT])
def test_another_form_and_another_case_have_drafts_of_their_own(desk: Desk, form: DraftForm) -> None:
    case, other = a_case(desk), a_case(desk, "2")
    typed(desk, desk.coordinator, case)
    assert texts(opened(desk, desk.coordinator, case, form)) == {}
    assert texts(opened(desk, desk.coordinator, other)) == {}


def test_nobody_else_reads_a_draft(desk: Desk) -> None:
    case = a_case(desk)
    typed(desk, desk.coordinator, case)
    assert texts(opened(desk, desk.chair, case)) == {}
    assert texts(opened(desk, desk.add("other", Role.COORDINATOR), case)) == {}


def test_a_pass_is_worth_nothing_to_anybody_else(desk: Desk) -> None:
    draft = opened(desk, desk.coordinator, a_case(desk))
    with pytest.raises(NotFoundError):
        save(desk, desk.chair, draft.signed_pass)
    save(desk, desk.coordinator, draft.signed_pass)


def test_the_same_user_in_another_role_or_agency_reads_nothing_and_saves_nothing(desk: Desk) -> None:
    case = a_case(desk)
    pat = desk.add("pat", Role.COORDINATOR)
    draft = typed(desk, pat, case)
    for role, agency in ((Role.CHAIR, None), (Role.COORDINATOR, None)):
        change_role(desk.context(desk.coordinator), name="pat", role=role, agency=agency)
        now = find_user(uow=desk.runtime.uow, name="pat").acting()
        assert texts(opened(desk, now, case)) == {}
        if role is Role.CHAIR:
            with pytest.raises(NotFoundError):
                save(desk, now, draft.signed_pass)
    assert drafts_stored(desk) == 0


def forged(signed_pass: str, **changes: object) -> str:
    there = base64.urlsafe_b64decode(signed_pass)
    content = json.loads(there[32:])
    content["key"] |= changes
    return base64.urlsafe_b64encode(there[:32] + json.dumps(content).encode()).decode()


def test_a_forged_pass_saves_nothing(desk: Desk) -> None:
    case, other = a_case(desk), a_case(desk, "2")
    good = opened(desk, desk.coordinator, case).signed_pass
    forgeries = [
        forged(good, case=other),
        forged(good, user="chair", role="chair"),
        forged(good, form="plan"),
    ]
    forgeries += ["", "no pass", "é", good[:-4], good[::-1], base64.urlsafe_b64encode(bytes(64)).decode()]
    for each in forgeries:
        with pytest.raises(NotFoundError, match="open the form again"):
            save(desk, desk.coordinator, each)
    assert drafts_stored(desk) == 0


def test_a_pass_ends_after_a_day(desk: Desk) -> None:
    draft = opened(desk, desk.coordinator, a_case(desk))
    desk.clock.forward(timedelta(hours=23, minutes=59))
    save(desk, desk.coordinator, draft.signed_pass)
    desk.clock.forward(timedelta(minutes=1))
    with pytest.raises(NotFoundError):
        save(desk, desk.coordinator, draft.signed_pass)


def test_what_is_sent_after_the_form_was_recorded_comes_too_late(desk: Desk) -> None:
    case = a_case(desk)
    draft = opened(desk, desk.coordinator, case)
    end_draft(desk.context(desk.coordinator), form=INCIDENT, case=case)
    with pytest.raises(NotFoundError):
        save(desk, desk.coordinator, draft.signed_pass)
    again = typed(desk, desk.coordinator, case, "The next incident.")
    end_draft(desk.context(desk.coordinator), form=INCIDENT, case=case)
    with pytest.raises(NotFoundError):
        save(desk, desk.coordinator, again.signed_pass)
    assert texts(opened(desk, desk.coordinator, case)) == {}


def test_of_a_form_with_rows_only_what_was_recorded_goes(desk: Desk) -> None:
    case = a_case(desk)
    draft = typed(desk, desk.coordinator, case)
    save(desk, desk.coordinator, draft.signed_pass, "Still typing.", field="other")
    end_draft(desk.context(desk.coordinator), form=INCIDENT, case=case, only=["what"])
    assert texts(opened(desk, desk.coordinator, case)) == {"other": "Still typing."}
    with pytest.raises(NotFoundError):
        save(desk, desk.coordinator, draft.signed_pass)


def test_a_text_that_is_too_long_is_refused_and_no_part_of_it_is_stored(desk: Desk) -> None:
    case = a_case(desk)
    draft = opened(desk, desk.coordinator, case)
    save(desk, desk.coordinator, draft.signed_pass, "x" * LONGEST)
    with pytest.raises(InvalidInputError, match="shorten the text to 12,000 characters"):
        save(desk, desk.coordinator, draft.signed_pass, "y" * (LONGEST + 1))
    with pytest.raises(InvalidInputError, match="not a field of a form") as raised:
        save(desk, desk.coordinator, draft.signed_pass, field="14 Larkfield Passage")
    assert "Larkfield" not in str(raised.value)
    assert texts(opened(desk, desk.coordinator, case)) == {"what": "x" * LONGEST}


def test_a_draft_has_no_more_fields_than_any_form(desk: Desk) -> None:
    draft = opened(desk, desk.coordinator, a_case(desk))
    for number in range(MOST_FIELDS):
        save(desk, desk.coordinator, draft.signed_pass, field=f"f{number}")
    with pytest.raises(NotFoundError):
        save(desk, desk.coordinator, draft.signed_pass, field="one-more")


def restricted(desk: Desk, case: str) -> None:
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works for us.")


def said_connected(desk: Desk, case: str) -> ConflictDeclaration:
    return conflicts.say_of(
        desk.context(desk.chair), reference=case, user="typist", is_connected=True, why="They are cousins."
    )


def changed(desk: Desk, case: str) -> None:
    change_role(desk.context(desk.coordinator), name="typist", role=Role.ANALYST)


def disabled(desk: Desk, case: str) -> None:
    set_active(desk.context(desk.coordinator), name="typist", active=False)


def erased(desk: Desk, case: str) -> None:
    advice = a_screening(TriageOutcome.ADVICE, base_version=1)
    screen(desk.context(desk.coordinator), reference=case, screening=advice)
    end_involvement(desk.context(desk.coordinator), reference=case, act=Act.CLOSE, why="Advice was given.")
    retention.review(
        desk.context(desk.chair), reference=case, owner="desk", erase=True, why="Its time is over."
    )
    retention.erase(desk.context(desk.coordinator), reference=case, owner="desk")


@pytest.mark.parametrize("happens", [restricted, said_connected, changed, disabled, erased])
def test_whoever_loses_the_case_loses_the_draft_at_once_and_others_do_not(
    desk: Desk, happens: Callable[[Desk, str], object]
) -> None:
    case, other = a_case(desk), a_case(desk, "2")
    typist, bystander = desk.add("typist", Role.COORDINATOR), desk.add("bystander", Role.COORDINATOR)
    typed(desk, typist, case)
    typed(desk, bystander, other)
    happens(desk, case)
    with desk.runtime.uow.unrecorded() as work:
        assert [(key.user, key.case) for key in work.drafts.owners()] == [(bystander.user, other)]


def test_who_is_named_on_a_case_keeps_a_draft_when_it_is_restricted(desk: Desk) -> None:
    case = a_case(desk)
    draft = typed(desk, desk.coordinator, case)
    restricted(desk, case)  # the coordinator screened it, and so is named on it
    save(desk, desk.coordinator, draft.signed_pass, TYPED + " Twice.")
    assert texts(opened(desk, desk.coordinator, case)) == {"what": TYPED + " Twice."}


def test_a_page_left_open_saves_nothing_on_a_case_that_is_closed_to_its_reader(desk: Desk) -> None:
    case = a_case(desk)
    typist = desk.add("typist", Role.COORDINATOR)
    draft = typed(desk, typist, case)
    restricted(desk, case)
    with pytest.raises(NotFoundError, match="you cannot view referral"):
        save(desk, typist, draft.signed_pass)
    with pytest.raises(NotFoundError):
        opened(desk, typist, case)
    assert drafts_stored(desk) == 0


def test_a_draft_about_no_case_is_of_its_author_in_their_role_and_ends_with_the_user(desk: Desk) -> None:
    draft = typed(desk, desk.coordinator, ABOUT_NO_CASE, form=DraftForm.PRICE)
    assert texts(opened(desk, desk.coordinator, ABOUT_NO_CASE, DraftForm.PRICE)) == {"what": TYPED}
    assert texts(opened(desk, desk.chair, ABOUT_NO_CASE, DraftForm.PRICE)) == {}
    with pytest.raises(NotFoundError):
        save(desk, desk.chair, draft.signed_pass)
    with pytest.raises(InvalidInputError):  # near miss: a blank is no case, a malformed reference is refused
        opened(desk, desk.coordinator, " ", DraftForm.PRICE)
    sweep = desk.context(flow_acting("daily sweep", "runner"))
    daily_sweep(sweep)
    assert drafts_stored(desk) == 1
    set_active(desk.context(desk.add("ad", Role.COORDINATOR)), name=desk.coordinator.user, active=False)
    assert drafts_stored(desk) == 0


def test_a_draft_goes_a_week_after_it_was_last_touched(desk: Desk) -> None:
    case, other = a_case(desk), a_case(desk, "2")
    typed(desk, desk.coordinator, case)
    desk.clock.forward(timedelta(days=6))
    typed(desk, desk.coordinator, other)
    sweep = desk.context(flow_acting("daily sweep", "runner"))
    daily_sweep(sweep)
    assert drafts_stored(desk) == 2
    desk.clock.forward(timedelta(days=1, seconds=1))
    daily_sweep(sweep)
    assert texts(opened(desk, desk.coordinator, case)) == {}
    assert texts(opened(desk, desk.coordinator, other)) == {"what": TYPED}


def test_a_draft_is_in_no_table_in_plain_text_and_in_no_entry(desk: Desk) -> None:
    case = a_case(desk)
    with desk.runtime.uow.unrecorded() as work:
        before = work.audit.count()
    typed(desk, desk.coordinator, case)
    opened(desk, desk.coordinator, case)
    end_draft(desk.context(desk.coordinator), form=INCIDENT, case=case)
    typed(desk, desk.coordinator, case)
    daily_sweep(desk.context(flow_acting("daily sweep", "runner")))
    with desk.runtime.uow.unrecorded() as work:
        entries = [entry.body for entry in work.audit.entries()]
    assert len(entries) == before + 2  # both of the sweep
    assert "draft" not in " ".join(entries)
    engine = open_database(desk.runtime.settings.database_url)
    there = MetaData()
    there.reflect(engine)
    with engine.connect() as connection:
        rows = [repr(row) for name in there.tables.values() for row in connection.execute(select(name))]
    engine.dispose()
    assert drafts_stored(desk) == 1
    assert not [row for row in rows if "marker" in row]


def test_a_change_of_the_key_seals_drafts_again_and_counts_none(desk: Desk) -> None:
    case = a_case(desk)
    rows = vault_keys.rotate(desk.context(desk.coordinator)).rows
    for form in DraftForm:
        typed(desk, desk.coordinator, case, form=form)
    end_draft(desk.context(desk.coordinator), form=DraftForm.PLAN, case=case)
    assert vault_keys.rotate(desk.context(desk.coordinator)).rows == rows
    assert vault_keys.not_under_newest_key(uow=desk.runtime.uow) == 0
    assert texts(opened(desk, desk.coordinator, case)) == {"what": TYPED}


def test_a_draft_under_a_lost_key_says_so_and_is_replaced_by_what_is_typed(desk: Desk) -> None:
    case = a_case(desk)
    typed(desk, desk.coordinator, case)
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE draft SET content = substr(content, 1, 40)")
    engine.dispose()
    draft = opened(desk, desk.coordinator, case)
    assert (draft.is_unreadable, texts(draft)) == (True, {})
    save(desk, desk.coordinator, draft.signed_pass, "Anew.")
    again = opened(desk, desk.coordinator, case)
    assert (again.is_unreadable, texts(again)) == (False, {"what": "Anew."})


def test_one_persons_draft_put_in_anothers_row_does_not_open(desk: Desk) -> None:
    case = a_case(desk)
    typed(desk, desk.coordinator, case)
    typed(desk, desk.chair, case, "Mine.")
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE draft SET content = (SELECT content FROM draft WHERE user_name = 'cora')"
        )
    engine.dispose()
    assert opened(desk, desk.chair, case).is_unreadable


def test_access_that_ends_by_itself_ends_the_draft_at_the_next_sweep(desk: Desk) -> None:
    case = a_case(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "harbour")
    with pytest.raises(NotFoundError):
        opened(desk, outsider, case)
    with in_one_entry(desk.runtime) as work:
        work.cases.name_people(case, ["outsider"], by="cora", at=desk.clock.now())
    typed(desk, outsider, case)
    with in_one_entry(desk.runtime) as work:
        work.cases.unname("outsider")
    daily_sweep(desk.context(flow_acting("daily sweep", "runner")))
    assert drafts_stored(desk) == 0
