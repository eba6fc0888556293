"""The life of an incident as a state machine.

``new -> accepted -> active -> resolved -> closed``, and beside it ``merged``,
``transferred`` and ``cancelled``. Source: design page *playbooks*, "Lifecycle of
an incident". Every transition is named by the verb that makes it.
"""

from __future__ import annotations

from enum import StrEnum

from console.domain.message import Message, Problem, msg


class State(StrEnum):
    """Where an incident stands."""

    NEW = "new"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


OPEN: frozenset[State] = frozenset(
    {State.NEW, State.ACCEPTED, State.ACTIVE, State.RESOLVED, State.TRANSFERRED}
)
"""What stands in the queue: somebody still has to do something."""

WORKED: frozenset[State] = frozenset({State.ACCEPTED, State.ACTIVE})
"""What a seat has in its hands right now."""

_S = State
TRANSITIONS: dict[str, dict[State, State]] = {
    "accept": {_S.NEW: _S.ACCEPTED},
    # The first real action makes it active; further ones leave it so. Call-back and paper
    # come after the work on the spot and leave it resolved.
    "work": {_S.ACCEPTED: _S.ACTIVE, _S.ACTIVE: _S.ACTIVE, _S.RESOLVED: _S.RESOLVED},
    "resolve": {_S.ACCEPTED: _S.RESOLVED, _S.ACTIVE: _S.RESOLVED},
    "close": {
        _S.ACCEPTED: _S.CLOSED,
        _S.ACTIVE: _S.CLOSED,
        _S.RESOLVED: _S.CLOSED,
        _S.TRANSFERRED: _S.CLOSED,
    },
    "cancel": {_S.NEW: _S.CANCELLED, _S.ACCEPTED: _S.CANCELLED, _S.ACTIVE: _S.CANCELLED},
    "transfer": {
        _S.NEW: _S.TRANSFERRED,
        _S.ACCEPTED: _S.TRANSFERRED,
        _S.ACTIVE: _S.TRANSFERRED,
    },
    "merge": {
        _S.NEW: _S.MERGED,
        _S.ACCEPTED: _S.MERGED,
        _S.ACTIVE: _S.MERGED,
        _S.RESOLVED: _S.MERGED,
        _S.TRANSFERRED: _S.MERGED,
    },
    "reopen": {
        _S.RESOLVED: _S.ACTIVE,
        _S.CLOSED: _S.ACTIVE,
        _S.CANCELLED: _S.ACTIVE,
        _S.TRANSFERRED: _S.ACTIVE,
    },
}
"""verb -> {from: to}. ``split`` and ``undo`` lead back to a state that was kept."""


def state_label(state: State) -> Message:
    """The state's name as a message."""
    return Message(f"state.{state.value}")


def lawful(verb: str, state: State) -> bool:
    """Whether `verb` may be done to an incident in `state`."""
    return state in TRANSITIONS[verb]


def target(verb: str, state: State) -> State:
    """The state that `verb` leads to from `state`.

    Raises:
        Problem: the transition is not lawful; the sentence says what the state is.
    """
    try:
        return TRANSITIONS[verb][state]
    except KeyError:
        raise Problem(
            msg("lifecycle.not_from", verb=Message(f"verb.{verb}"), state=state_label(state))
        ) from None
