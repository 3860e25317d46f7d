"""Steps that the state of an order allows. Knows no storage."""

from __future__ import annotations

from engine.domain.errors import InvalidInputError
from engine.domain.orders.orders import OrderAct, OrderState, StoredOrder

_BEFORE_MAKING = {OrderState.CONSIDERED, OrderState.NOT_SOUGHT, OrderState.SOUGHT, OrderState.INTERIM}
_MADE = {OrderState.GRANTED, OrderState.SERVED, OrderState.APPEALED}
_ALLOWED_FROM: dict[OrderAct, set[OrderState]] = {
    OrderAct.CONSIDERED: {OrderState.NOT_SOUGHT, OrderState.WITHDRAWN, OrderState.REFUSED},
    OrderAct.NOT_SOUGHT: {OrderState.CONSIDERED},
    OrderAct.SOUGHT: {OrderState.CONSIDERED, OrderState.NOT_SOUGHT},
    OrderAct.INTERIM: {OrderState.SOUGHT},
    OrderAct.MADE: _BEFORE_MAKING,
    OrderAct.REFUSED: {OrderState.SOUGHT, OrderState.INTERIM},
    OrderAct.WITHDRAWN: {OrderState.SOUGHT, OrderState.INTERIM},
    OrderAct.SERVED: {OrderState.GRANTED, OrderState.APPEALED},
    OrderAct.SERVICE_TRIED: {OrderState.GRANTED, OrderState.APPEALED},
    OrderAct.VARIED: _MADE,
    OrderAct.RENEWED: _MADE,
    OrderAct.DISCHARGED: _MADE,
    OrderAct.APPEALED: {*_MADE, OrderState.REFUSED},
    OrderAct.HEARING: {*_BEFORE_MAKING, *_MADE, OrderState.REFUSED},
}


def require_allowed(order: StoredOrder, act: OrderAct) -> None:
    """Refuse a step that the order's state does not allow. Raises InvalidInputError."""
    state = order.stored_state
    allowed = _ALLOWED_FROM.get(act, _MADE)
    if state not in allowed:
        offered = sorted(each.value for each, froms in _ALLOWED_FROM.items() if state in froms)
        raise InvalidInputError(
            f"order {order.reference}",
            f"it is '{state.value}', so it cannot be '{act.value}'; allowed now: "
            f"{', '.join(offered) or 'nothing: record a new order'}",
        )


def next_acts(order: StoredOrder) -> tuple[OrderAct, ...]:
    """Return the steps that its state allows, other than variation and renewal."""
    state = order.stored_state
    return tuple(
        act
        for act in OrderAct
        if state in _ALLOWED_FROM.get(act, _MADE) and act not in {OrderAct.VARIED, OrderAct.RENEWED}
    )
