# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whatever the container, the network and the user do, each word comes once and in order."""

from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.v1.finalize import FinalizeTimeout

from .nova_session import NovaSession, spoken

CHANNEL = st.integers(0, 1)
PIECE = st.integers(1, 12).map(lambda twentieths: twentieths / 20)
HAPPENING: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.just("speak"), PIECE),
    st.tuples(st.sampled_from(["start", "stop", "lose", "connect"]), st.none()),
    st.tuples(st.sampled_from(["interim", "interim_behind", "answer", "ignore"]), CHANNEL),
    st.tuples(st.sampled_from(["final", "final_behind"]), CHANNEL),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.5, 0.9, 1.1, 5.0])),
)
HAPPENINGS = st.lists(HAPPENING, max_size=60)
often = settings(max_examples=150, deadline=None, derandomize=True, database=None)

BEHIND = 0.35
"""Seconds of audio that a container has not got to yet, in the middle of a word."""


def _session(
    happenings: list[tuple[str, Any]], *, channels: int, timeout: FinalizeTimeout = 1.0
) -> NovaSession:
    session = NovaSession(channels=channels, timeout=timeout)
    hold(session, happenings)
    return session


def hold(session: NovaSession, happenings: list[tuple[str, Any]]) -> None:
    """Have things happen in a session, in order."""
    for kind, value in happenings:
        if value is None:
            getattr(session, kind)()
        elif kind in ("speak", "wait"):
            getattr(session, kind)(value)
        else:
            _say(session, kind, min(value, session.channels - 1))


def _say(session: NovaSession, kind: str, channel: int) -> None:
    name, _, is_behind = kind.partition("_")
    if is_behind:
        getattr(session, name)(channel, to=max(0.0, session.given - BEHIND))
    else:
        getattr(session, name)(channel)


@given(happenings=HAPPENINGS, channels=st.integers(1, 2), timeout=st.sampled_from([1.0, "learned"]))
@often
def test_every_word_of_every_channel_comes_once_and_in_order(
    happenings: list[tuple[str, Any]], channels: int, timeout: FinalizeTimeout
) -> None:
    session = _session(happenings, channels=channels, timeout=timeout)
    session.connect()
    for channel in range(channels):
        session.final(channel)
    session.message({"type": "Metadata", "sha256": "1234", "duration": session.given})
    session.close()
    for channel in range(channels):
        assert session.words(channel) == spoken(0.0, session.given)


@given(happenings=HAPPENINGS, channels=st.integers(1, 2))
@often
def test_where_recovery_fails_what_was_heard_comes_once_and_without_a_gap(
    happenings: list[tuple[str, Any]], channels: int
) -> None:
    session = _session(happenings, channels=channels)
    session.give_up()
    for channel in range(channels):
        words = session.words(channel)
        assert words == spoken(0.0, session.given)[: len(words)]


@given(happenings=HAPPENINGS, channels=st.integers(1, 2))
@often
def test_each_finalize_is_settled_once_at_most_and_is_not_waited_for_long(
    happenings: list[tuple[str, Any]], channels: int
) -> None:
    session = _session(happenings, channels=channels)
    session.wait(1.1)
    assert session.conversation.get_timer() is None
    assert session.answers <= [kind for kind, _ in happenings].count("stop")


# Answers that take their time

LAG = st.floats(0.1, 3.0)
LAGS = st.one_of(
    st.builds(lambda lag, count: [lag] * count, LAG, st.integers(1, 6)),
    st.builds(lambda lag: [0.1 + 0.5 * at for at in range(6) if 0.1 + 0.5 * at <= lag], LAG),
)


@given(lags=LAGS, interims_every=st.sampled_from([0.1, 0.3, 1.0, None]))
@often
def test_answers_that_take_their_usual_time_are_waited_for(
    lags: list[float], interims_every: float | None
) -> None:
    session = NovaSession(timeout="learned")
    for lag in lags:
        _utter(session, lag, interims_every)
    assert session.words() == spoken(0.0, session.given)
    assert [final.is_finalized for final in session.finals] == [True] * len(lags)
    assert not [final for final in session.finals if "promoted" in final.transcript.body]


def _utter(session: NovaSession, lag: float, interims_every: float | None) -> None:
    """A second of speech, of which everything that the container says comes late."""
    begun, before = session.now, session.given
    happenings = [(at / 10, partial(session.speak, 0.1)) for at in range(1, 11)]
    if interims_every is not None:
        ends = [at * interims_every for at in range(1, int(0.99 / interims_every) + 1)]
        happenings += [(at + lag, partial(session.interim, to=before + at)) for at in ends]
    happenings += [(0.0, session.start), (1.001, session.stop), (1.001 + lag, session.answer)]
    for at, happen in sorted(happenings, key=lambda each: each[0]):
        session.wait(begun + at - session.now)
        happen()
