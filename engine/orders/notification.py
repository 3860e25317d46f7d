"""Notification to the police: the first one, and changes of name or address. Pure.

The exemption is one way. Duties under a domestic abuse order are off while those of the Stalking Protection
Act or of Part 2 of the Sexual Offences Act 2003 run (DAA 2021 s.41(8)). The Stalking Protection Act exempts
only for Part 2 (s.9(5)).
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from engine.domain.orders.clocks import ClockAnswer, ClockState
from engine.orders.facts import FactDay, FactDayOrYesNo, Facts, YesNo, in_order
from engine.orders.rules import ClockRule, days_listed, in_full

_PART_2 = "Part 2 of the Sexual Offences Act 2003"


class SpaFirst(Facts):
    """The facts of the first notification under a stalking protection order, full or interim."""

    made: FactDay | None = None
    served: FactDay | None = None
    order_ends: FactDay | None = None
    kind: Literal["full", "interim"] | None = None
    replaces_interim: YesNo | None = None
    interim_expired_before: FactDayOrYesNo | None = None
    interim_unserved: YesNo | None = None
    soa_part_2_at_making: YesNo | None = None
    soa_part_2: YesNo | None = None
    soa_part_2_ends: FactDay | None = None
    in_custody: YesNo | None = None
    released: FactDay | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(
            (self.made, self.served, "the order was served before it was made; check both dates"),
            (self.made, self.order_ends, "the order ends before it was made; check both dates"),
            (self.served, self.order_ends, "the order ends before it was served; check both dates"),
        )
        if self.kind == "interim" and (
            self.replaces_interim or self.interim_expired_before or self.interim_unserved
        ):
            raise ValueError("only a full order replaces an interim order; correct 'kind'")
        if self.soa_part_2_at_making and self.soa_part_2_ends and self.made:
            in_order(
                (
                    self.made,
                    self.soa_part_2_ends,
                    "'soa_part_2_ends' is before the order was made, but 'soa_part_2_at_making' is true",
                )
            )
        return self

    @property
    def governed_by(self) -> date | None:
        return min((day for day in (self.made, self.served) if day), default=None)

    @property
    def had_interim_expired(self) -> bool:
        """True if the interim order ended by its own term before the full order."""
        if isinstance(self.interim_expired_before, bool) or self.interim_expired_before is None:
            return bool(self.interim_expired_before)
        start = self.made or self.served
        return start is None or self.interim_expired_before < start

    @property
    def questions_of_replacing(self) -> tuple[str, ...]:
        """Why it is unclear whether this order replaces the interim one: a sentence for each reason."""
        reasons = (
            (self.had_interim_expired, "The interim order ended by its own term first."),
            (
                bool(self.interim_unserved),
                "No service of the interim order is recorded, so no first notification under it began. If it "
                "was served, record that.",
            ),
        )
        return tuple(reason for applies, reason in reasons if applies)


def first_under_spa(rule: ClockRule, facts: SpaFirst) -> ClockAnswer:
    """Return the end date of the first notification under s.9(1), with its exemption (s.9(5)-(7))."""
    if facts.replaces_interim and not facts.questions_of_replacing:
        return rule.no_clock(
            "No new first notification: this full order replaces an interim order (s.9(1)(a)). The duty "
            "under the interim order ran from its own service. New names and addresses must still be "
            "notified."
        )
    ends = facts.soa_part_2_ends
    if ends is None:
        return _while_part_2_has_no_end(rule, facts)
    if facts.made is not None and ends < facts.made:
        return _from_service(rule, facts, f"{_PART_2} had stopped before the order was made.")
    if facts.soa_part_2_at_making is None:
        return _with_exemption_unknown(rule, facts, ends)
    if not facts.soa_part_2_at_making:
        return _from_service(
            rule,
            facts,
            f"{_PART_2} did not apply when the order was made, so its end starts no new clock (s.9(6)(b)).",
        )
    if facts.order_ends is not None and facts.order_ends < ends:
        return rule.no_clock(
            f"No clock: the order ends before the duty under {_PART_2} does, so its own duty does not start "
            "(s.9(6)(d))."
        )
    return _from_final_day(rule, facts, ends)


def _while_part_2_has_no_end(rule: ClockRule, facts: SpaFirst) -> ClockAnswer:
    if facts.soa_part_2 or (facts.soa_part_2 is None and facts.soa_part_2_at_making):
        return rule.no_clock(
            f"No clock while the duty under {_PART_2} runs (s.9(5)). If it applied when the order was made, "
            "the 3 days begin when it ends, if the order is still in effect (s.9(6)-(7))."
        )
    if facts.soa_part_2_at_making:
        return rule.awaiting(f"the end date of the duty under {_PART_2} ('soa_part_2_ends')")
    return _from_service(rule, facts)


def _from_service(rule: ClockRule, facts: SpaFirst, *notes: str) -> ClockAnswer:
    if facts.served is None:
        return rule.awaiting("the service of the order")
    questions = facts.questions_of_replacing
    if questions:
        notes = (
            *notes,
            *questions,
            "It is unclear whether the full order then 'replaces' it (s.9(1)(a)): ask a lawyer, and work to "
            "this date.",
        )
    last = rule.last_day(facts.served)
    readings = (last, ClockState.NO_CLOCK.value) if questions else None
    return _notify(
        rule, facts.served, "the date of service", *notes, *_of_custody(facts, last), alternatives=readings
    )


def _from_final_day(rule: ClockRule, facts: SpaFirst, ends: date) -> ClockAnswer:
    notes = [f"The duty under {_PART_2} ended then, and the order was still in effect (s.9(6)-(7))."]
    readings = None
    if facts.served is None:
        notes.append("The service of the order is not recorded: record it.")
    elif facts.served > ends:
        late = rule.last_day(facts.served)
        readings = (rule.last_day(ends), late)
        notes.append(f"The order was served later. Counted from service the date is {in_full(late)}.")
    last = rule.last_day(ends)
    return _notify(rule, ends, "the final day", *notes, *_of_custody(facts, last), alternatives=readings)


def _with_exemption_unknown(rule: ClockRule, facts: SpaFirst, ends: date) -> ClockAnswer:
    starts_anew = facts.order_ends is None or facts.order_ends >= ends
    if_it_did = rule.last_day(ends) if starts_anew else None
    if_not = rule.last_day(facts.served) if facts.served else None
    sentence = f"Record whether {_PART_2} applied when the order was made (s.9(6)(b)). If it did, "
    sentence += f"the end date is {in_full(if_it_did)}" if if_it_did else "there is no clock"
    sentence += (
        f". If it did not, it is {in_full(if_not)}."
        if if_not
        else ". If it did not, the date of service is needed."
    )
    readings = sorted({day for day in (if_it_did, if_not) if day is not None})
    return rule.answer(
        ClockState.UNCERTAIN,
        alternatives=tuple(readings if starts_anew else [*readings, ClockState.NO_CLOCK.value]),
        says=sentence,
    )


def _of_custody(facts: SpaFirst, last: date) -> list[str]:
    notes = []
    if facts.in_custody or facts.released is not None:
        notes.append(
            "Custody does not move the date: s.9 has no pause for it. A reasonable excuse may arise."
        )
    if facts.order_ends is not None and facts.order_ends < last:
        notes.append(f"The order ends on {in_full(facts.order_ends)}, before that.")
    return notes


class DaaExemptions(Facts):
    """The facts that exempt from the duties of s.41."""

    spa_9: YesNo | None = None
    spa_9_ends: FactDay | None = None
    soa_part_2: YesNo | None = None
    soa_part_2_ends: FactDay | None = None
    earlier_dapo_in_force: YesNo | None = None

    @property
    def running(self) -> str | None:
        """The duty that exempts and has no recorded end."""
        if self.spa_9 and self.spa_9_ends is None:
            return "s.9 of the Stalking Protection Act 2019"
        if self.soa_part_2 and self.soa_part_2_ends is None:
            return _PART_2
        return "an earlier domestic abuse protection order" if self.earlier_dapo_in_force else None

    @property
    def exemption_ends(self) -> date | None:
        """The last recorded end of a duty that exempts."""
        return max((day for day in (self.spa_9_ends, self.soa_part_2_ends) if day), default=None)

    def no_clock(self, rule: ClockRule, happened: date | None = None) -> ClockAnswer | None:
        """Return the answer while an exempting duty runs, or to a change while one ran."""
        ends = self.exemption_ends
        if self.running is None and happened is not None and ends is not None and happened < ends:
            return rule.no_clock(
                f"No clock: until {in_full(ends)} the person must notify under another duty, and this change "
                "too (s.41(8)). When that ends, the duties of this order start (s.41(9))."
            )
        if self.running is None:
            return None
        return rule.no_clock(
            f"No clock while the person must notify under {self.running} (s.41(8)). When that ends, the "
            "duties of this order start (s.41(9))."
        )


class DaaFirst(DaaExemptions):
    """The facts of the first notification under a domestic abuse protection order."""

    made: FactDay | None = None
    served: FactDay | None = None
    order_ends: FactDay | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(
            (self.made, self.served, "the order was served before it was made; check both dates"),
            (self.made, self.order_ends, "the order ends before it was made; check both dates"),
        )
        return self

    @property
    def governed_by(self) -> date | None:
        return self.made


def first_under_daa(rule: ClockRule, facts: DaaFirst) -> ClockAnswer:
    """Return the end date of the first notification under s.41(2), counted from the making of the order."""
    if (exempt := facts.no_clock(rule)) is not None:
        return exempt
    if facts.made is None:
        return rule.awaiting("the date of the order")
    ends = facts.exemption_ends
    if ends is None or ends <= facts.made:
        return _notify(rule, facts.made, "the making of the order", "Service does not move the date.")
    if facts.order_ends is not None and facts.order_ends < ends:
        return rule.no_clock("No clock: the order ends before the other duty does (s.41(9)).")
    return _notify(
        rule,
        ends,
        "the end of the other duty",
        "Counted in the same way as s.41(2), from that date (s.41(9)).",
    )


class SpaNewName(Facts):
    """The facts of a name that was not notified."""

    first_used: FactDay | None = None
    already_notified: YesNo | None = None
    soa_part_2: YesNo | None = None

    @property
    def governed_by(self) -> date | None:
        return self.first_used


class SpaNewAddress(Facts):
    """The facts of a move."""

    moved: FactDay | None = None
    told_on: FactDay | None = None
    soa_part_2: YesNo | None = None

    @property
    def governed_by(self) -> date | None:
        return self.moved


class DaaNewName(DaaExemptions):
    """The facts of a name that was not notified."""

    first_used: FactDay | None = None
    already_notified: YesNo | None = None

    @property
    def governed_by(self) -> date | None:
        return self.first_used


class DaaNewAddress(DaaExemptions):
    """The facts of a move."""

    moved: FactDay | None = None
    told_on: FactDay | None = None

    @property
    def governed_by(self) -> date | None:
        return self.moved


class DaaNoAddress(DaaExemptions):
    """The facts of the loss of any home address."""

    lost_home: FactDay | None = None

    @property
    def governed_by(self) -> date | None:
        return self.lost_home


def new_name(rule: ClockRule, facts: SpaNewName | DaaNewName) -> ClockAnswer:
    """Return the end date to notify a name."""
    if (exempt := _exempt_from_changes(rule, facts)) is not None:
        return exempt
    if facts.already_notified:
        return rule.no_clock("No clock: this name was already notified.")
    if facts.first_used is None:
        return rule.awaiting("the first use of the name")
    return _notify(rule, facts.first_used, "the first use of the name")


def new_address(rule: ClockRule, facts: SpaNewAddress | DaaNewAddress) -> ClockAnswer:
    """Return the end date to notify a new home address."""
    if (exempt := _exempt_from_changes(rule, facts)) is not None:
        return exempt
    if facts.moved is None:
        return rule.awaiting("the date of the move")
    notes = []
    if facts.told_on is not None:
        last = rule.last_day(facts.moved)
        when = "in time" if facts.told_on <= last else "late"
        notes.append(f"Notified on {in_full(facts.told_on)}: {when}.")
    if isinstance(facts, SpaNewAddress):
        is_before = facts.told_on is not None and facts.told_on < facts.moved
        notes.append(
            f"In person, at a police station in the area of the {'old' if is_before else 'new'} address "
            "(s.10(1), (3)); it must be acknowledged in writing (s.10(4))."
        )
    return _notify(rule, facts.moved, "the move", *notes)


def no_address(rule: ClockRule, facts: DaaNoAddress) -> ClockAnswer:
    """Return the end date to notify that the person has no home address."""
    if (exempt := facts.no_clock(rule, facts.lost_home)) is not None:
        return exempt
    if facts.lost_home is None:
        return rule.awaiting("the date of the loss of the home")
    return _notify(
        rule, facts.lost_home, "the loss of the home", "The Stalking Protection Act has no such duty."
    )


def _exempt_from_changes(
    rule: ClockRule, facts: SpaNewName | SpaNewAddress | DaaNewName | DaaNewAddress
) -> ClockAnswer | None:
    if isinstance(facts, DaaExemptions):
        return facts.no_clock(rule, facts.governed_by)
    if not facts.soa_part_2:
        return None
    return rule.no_clock(f"No clock while the duty under {_PART_2} runs (s.9(5)).")


def _notify(
    rule: ClockRule, start: date, what: str, *notes: str, alternatives: tuple[object, ...] | None = None
) -> ClockAnswer:
    last = rule.last_day(start)
    sentence = (
        f"Notify the police by the end of {in_full(last)}: {rule.days} days beginning with {what}, "
        f"{in_full(start)}. Weekends and holidays count."
    )
    return rule.due(
        last_day=last,
        counted=days_listed(start, last),
        alternatives=alternatives,
        says=" ".join([sentence, *notes]),
    )
