"""The review queue: two person records side by side, a pair at a time, by keyboard, blind by option."""

from __future__ import annotations

from itertools import accumulate, pairwise

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from engine.domain.people.persons import role_in_words
from engine.domain.people.same_person import (
    MatchExplained,
    PersonShown,
    QueueItem,
    ReviewQueue,
    SameJudgement,
    SameVerdict,
)
from engine.services.people.same_person import judge_same, review_queue, take_back_same

_BLIND, _PLACE, _LAST = "same-blind", "same-place", "same-last"
_VERDICTS = {
    SameVerdict.SAME: "Same person",
    SameVerdict.NOT_SAME: "Different people",
    SameVerdict.UNSURE: "Not sure",
}
_SIGNS = 24
"""Number of signs of a bar that reaches from the lowest sum to the highest."""


def page() -> None:
    """Draw the next pair that waits for the signed-in person."""
    with show_errors():
        runtime = record.runtime()
        blind = bool(session.stored_value(_BLIND))
        found = review_queue(runtime.context(session.acting()), place=session.number(_PLACE, 0), blind=blind)
        draw(found)


def draw(found: ReviewQueue) -> None:
    """Draw the two records, what speaks for one person and what against, and the choices of judgement."""
    waits = words.counted(found.total, "pair", "pairs")
    markup.draw(
        markup.page_title(
            "Possible duplicates",
            note=(
                f"{waits} to review. A match weight is evidence, not proof: 2 different people "
                "can match on every field. Nothing is merged, and you can undo your decision."
            ),
        )
    )
    st.toggle("Hide weights and reasons", key=_BLIND)
    _draw_last()
    if found.item is None:
        markup.draw(markup.element("p", markup.none_recorded("No pairs to review.")))
        return
    left, right = st.columns([5, 4], gap="large")
    with left:
        _draw_side_by_side(found.item)
        _draw_words(found.item.words)
    with right:
        if found.item.matched is None:
            markup.draw(markup.notice("info", "Weights and reasons are hidden for this pair."))
        else:
            draw_matched(found.item.matched)
        _form(found, found.item)


def draw_matched(matched: MatchExplained) -> None:
    """Draw the sentence and the waterfall; each bar has its figure, so that no width has to be read."""
    markup.draw(markup.heading("Evidence for and against the same person", at="why"))
    markup.draw(markup.element("p", matched.says))
    steps = list(accumulate((bar.bits for bar in matched.waterfall[:-1]), initial=0.0))
    low, high = min(steps), max(steps)
    ends = [*pairwise(steps), (0.0, matched.weight)]
    rows = [
        (bar.name, f"{bar.bits:+.1f}", _bar(begins, ends_at, low, high))
        for bar, (begins, ends_at) in zip(matched.waterfall, ends, strict=True)
    ]
    markup.draw(
        markup.table(
            ("Field", "Weight", "For or against"),
            rows,
            caption=(
                f"Match weights, version {matched.version}: 1 more doubles the odds that they are one person"
            ),
            marked=[None] * (len(rows) - 1) + ["total"],
        )
    )


def _bar(begins: float, ends: float, low: float, high: float) -> markup.Markup:
    """Return the bar from the earlier sum to the present one; the text beside it says which way that is."""
    way = "for" if ends > begins else "against"
    for_each = _SIGNS / max(high - low, 1.0)
    before = round((min(begins, ends) - low) * for_each)
    length = max(1, round(abs(ends - begins) * for_each))
    drawn = "\N{NO-BREAK SPACE}" * before + "\N{FULL BLOCK}" * length
    return markup.join(
        [markup.element("span", drawn, aria_hidden="true", class_=f"bits bits-{way}"), f" {way}"]
    )


def _draw_side_by_side(item: QueueItem) -> None:
    one, other = item.one, item.other
    rows = [
        ("Name", one.described.full_name, other.described.full_name),
        ("Date of birth", _born(one), _born(other)),
        ("Sex", _sex(one), _sex(other)),
        ("Numbers", _numbers(one), _numbers(other)),
        ("Role and status", _claim(one), _claim(other)),
        ("Referral", _case(one), _case(other)),
        ("Record", one.person, other.person),
    ]
    markup.draw(markup.table(("", "First record", "Second record"), rows, caption="2 records, side by side"))


def _draw_words(said: tuple[SameJudgement, ...]) -> None:
    if said:
        markup.draw(markup.heading("Earlier decisions", at="said"))
        markup.draw(
            markup.bullets(
                f"{words.sentence(decision.verdict.value)}, by {session.named(decision.by)}, "
                f"{words.day_of(decision.at, year=True)}: {decision.why}"
                for decision in said
            )
        )


def _form(found: ReviewQueue, item: QueueItem) -> None:
    key = f"same-{item.one.person}-{item.other.person}"
    markup.draw(markup.heading("Same or different people?", at="word"))
    verdict = st.radio(
        "Same or different people?",
        list(_VERDICTS),
        index=None,
        format_func=_VERDICTS.__getitem__,
        key=f"{key}-verdict",
        horizontal=True,
        label_visibility="collapsed",
    )
    why = st.text_input("Reason, in one line", key=f"{key}-why", max_chars=600)
    with st.container(horizontal=True):
        save = st.button("Save and continue", key="same-save", type="primary", shortcut="Ctrl+Enter")
        if st.button("Skip", key="same-skip", shortcut="Ctrl+Right", disabled=found.total < 2):
            session.store_number(_PLACE, (found.place + 1) % found.total)
            st.rerun()
    if not save:
        return
    if verdict is None or not why.strip():
        markup.draw(
            markup.notice("error", "Choose an answer and give the reason in one line.", heading="Not saved")
        )
        return
    runtime = record.runtime()
    with show_errors():
        judge_same(
            runtime.context(session.acting()),
            one=item.one.person,
            other=item.other.person,
            verdict=verdict,
            why=why,
            words_seen=len(item.words),
        )
        session.keep(_LAST, (item.one.person, item.other.person, _VERDICTS[verdict].lower()))
        st.rerun()


def _draw_last() -> None:
    """Draw the last judgement of this sitting, so that a slip is undone at once."""
    last: tuple[str, str, str] | None = session.stored_value(_LAST, tuple)
    if last is None:
        return
    one, other, said = last
    with st.container(horizontal=True, vertical_alignment="center"):
        markup.draw(markup.notice("success", f"Your decision on {one} and {other}: {said}."))
        if st.button("Undo", key="same-undo"):
            runtime = record.runtime()
            with show_errors():
                take_back_same(
                    runtime.context(session.acting()),
                    one=one,
                    other=other,
                    why="Undone straight after the decision.",
                )
                session.keep(_LAST, None)
                st.rerun()


def _born(each: PersonShown) -> markup.Content:
    born = each.described.date_of_birth
    return born.in_words() if born else markup.none_recorded("not recorded")


def _sex(each: PersonShown) -> markup.Content:
    return each.described.sex.value if each.described.sex else markup.none_recorded("not recorded")


def _numbers(each: PersonShown) -> markup.Content:
    numbers = [f"{number.scheme.value.upper()} {number.value}" for number in each.described.identifiers]
    return ", ".join(numbers) or markup.none_recorded("not recorded")


def _claim(each: PersonShown) -> str:
    return f"{role_in_words(each.role, each.status)} (by {each.asserted_by})"


def _case(each: PersonShown) -> markup.Markup:
    case = markup.go(each.involvement, Place.CASE, each.involvement)
    return markup.join([case, each.names.title if each.names else None], " ")
