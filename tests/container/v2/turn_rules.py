# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What must hold of every conversation on v2/listen (Deepgram docs, "Flux state machine")."""

from collections.abc import Sequence
from itertools import pairwise

ALLOWED = {
    None: {"Update", "StartOfTurn"},
    "StartOfTurn": {"Update", "EagerEndOfTurn", "EndOfTurn"},
    "EagerEndOfTurn": {"Update", "TurnResumed", "EndOfTurn"},
    "TurnResumed": {"Update", "EagerEndOfTurn", "EndOfTurn"},
}
"""What may follow the latest event of the turn that was no ``Update``; None: no turn is open."""


def finished_turns(messages: Sequence[dict], *, eager: bool = False) -> list[str]:
    """Check all messages of a connection against the rules; return its finished turns' texts.

    Args:
        messages: What the container said, in order.
        eager: Whether the query asked for eager ends; ``ConfigureSuccess`` may change that.
    """
    check_numbers(messages)
    turns: list[str] = []
    last: dict | None = None
    window = (0.0, 0.0)
    for message in messages:
        if message["type"] == "ConfigureSuccess":
            eager = "eager_eot_threshold" in message["thresholds"]
        if message["type"] != "TurnInfo":
            continue
        check_place(message, last, turn_index=len(turns), window=window, eager=eager)
        window = (window[0], message["audio_window_end"])
        if message["event"] == "EndOfTurn":
            turns.append(message["transcript"])
            window = (window[1], window[1])
            last = None
        elif message["event"] != "Update":
            last = message
    return turns


def check_numbers(messages: Sequence[dict]) -> None:
    """Every message has the next number, from the greeting on; all but errors have one id."""
    assert messages[0]["type"] == "Connected"
    assert [message["sequence_id"] for message in messages] == list(range(len(messages)))
    named = {message["request_id"] for message in messages if message["type"] != "Error"}
    assert len(named) == 1


def check_place(
    message: dict,
    last: dict | None,
    *,
    turn_index: int,
    window: tuple[float, float],
    eager: bool,
) -> None:
    """An event fits the state that the events before it left."""
    event, text = message["event"], message["transcript"]
    assert event in ALLOWED[last["event"] if last else None]
    assert message["turn_index"] == turn_index
    assert message["audio_window_start"] == window[0]
    assert message["audio_window_end"] >= window[1]
    assert 0.0 <= message["end_of_turn_confidence"] <= 1.0
    assert " ".join(word["word"] for word in message["words"]) == text
    assert bool(text) == (event != "Update" or last is not None)
    if last is not None and last["event"] == "EagerEndOfTurn" and event != "TurnResumed":
        assert text == last["transcript"]
    if event == "EagerEndOfTurn":
        assert eager
    if event == "EndOfTurn" and eager and message.get("trigger") == "model":
        assert last is not None
        assert last["event"] == "EagerEndOfTurn"


def largest_gap(messages: Sequence[dict]) -> float:
    """The most seconds of audio between two messages about turns."""
    ends = [0.0, *(m["audio_window_end"] for m in messages if m["type"] == "TurnInfo")]
    return max((b - a for a, b in pairwise(ends)), default=0.0)
