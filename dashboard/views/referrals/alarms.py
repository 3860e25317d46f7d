"""The alarm topics of a referral: what was said to each, "not asked" too, and who acknowledged them."""

from __future__ import annotations

from dashboard import markup, session, words
from dashboard.views.alarms import acknowledging
from engine.domain.absence import YesNo
from engine.domain.cases.views import AlarmView
from engine.domain.referrals.intake import AlarmTopic

_LOOKS = {YesNo.YES: "t-alarm", YesNo.NO: "t-none", YesNo.NOT_KNOWN: "t-unable", YesNo.NOT_ASKED: "t-unasked"}


def draw(view: AlarmView, reference: str, *, may_acknowledge: bool = True) -> None:
    """Draw the topics in one line each, and the button before they are acknowledged."""
    markup.draw(markup.join([markup.heading("Alarm topics", at="alarms", note=_stands(view)), topics(view)]))
    if not may_acknowledge:
        return
    acknowledging.draw_refusal()
    if view.is_open:
        acknowledging.draw_button(reference, key=f"take-up-{reference}")


def topics(view: AlarmView) -> markup.Markup:
    """Return every topic with its answer: raised ones first, then as the referral form has them."""
    ordered = sorted(AlarmTopic, key=lambda topic: _look(view, topic) != "t-alarm")
    return markup.element(
        "ul",
        *(
            markup.element(
                "li",
                words.sentence(topic.value),
                " ",
                markup.tag(words.sentence(view.in_words(topic)), _look(view, topic)),
            )
            for topic in ordered
        ),
        class_="topics",
    )


def _look(view: AlarmView, topic: AlarmTopic) -> str:
    """Return the class of an answer; a topic recorded since or taken back has that of a raised one."""
    return "t-alarm" if topic in view.since or topic in view.taken_back else _LOOKS[view.answers[topic]]


def _stands(view: AlarmView) -> str:
    asked = f"Answers to {words.counted(len(view.answers), 'topic')}: {view.answers_in_words}."
    if not view.raised and not view.was_raised and view.since:
        return f"No alarm was raised at referral; topics were recorded since. {asked}"
    if not view.raised and not view.was_raised:
        return f"No alarm was raised. No alarm does not mean low risk. {asked}"
    if view.acknowledged_by and view.acknowledged_at:
        who = session.named(view.acknowledged_by)
        return f"Acknowledged by {who}, {words.moment(view.acknowledged_at)}. {asked}"
    due = words.moment(view.due_at) if view.due_at else "a time not recorded"
    if view.is_past_due:
        return f"Alarm not acknowledged. It was due by {due}. {asked}"
    return f"Alarm not acknowledged. It is due by {due}. {asked}"
