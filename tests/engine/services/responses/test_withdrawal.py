"""What an agency whose facts go out by themselves has withdrawn stays withdrawn when it is asked again."""

from __future__ import annotations

from datetime import timedelta

from engine.services.responses.withdrawal import withdraw
from tests.builders import Desk, a_contribution, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import column, screened, seen
from tests.engine.services.responses.test_reassessment import reassess


def test_a_withdrawn_fact_comes_back_neither_by_asking_again_nor_by_a_re_assessment(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set."))
    reference = screened(desk)
    ask_all(desk, reference)
    withdraw(desk.context(workers["harbour"]), reference=reference, agency="harbour", item="finding-2")
    desk.clock.forward(timedelta(hours=1))
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set.", "He moved."))

    reassess(desk)
    view = seen(desk, reference)
    (again,) = view.reassessed
    assert again.new == ("He moved.",)
    assert "Bail was set." not in view.model_dump_json()

    desk.clock.forward(timedelta(hours=1))
    ask_all(desk, reference, again=True)
    view = seen(desk, reference)
    assert [each.says for each in column(view, "harbour").findings] == ["Two reports were held.", "He moved."]
    assert column(view, "harbour").withdrawn == 1
    assert "Bail was set." not in view.model_dump_json()
