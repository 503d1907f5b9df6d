# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The text form reads back as what was written, and says what it does not understand."""

import sys

import pytest
from h2.errors import ErrorCodes
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.emulator import (
    AfterBytes,
    AfterEvents,
    AfterSeconds,
    AtConnect,
    Fault,
    InjectText,
    OnControl,
    Refuse,
    ResetStream,
    format_fault,
    from_stream,
    parse_fault,
    parse_faults,
)
from pipecat_sagemaker_deepgram.emulator.faults import actions
from pipecat_sagemaker_deepgram.emulator.faults import text as text_form
from pipecat_sagemaker_deepgram.emulator.faults.text import describe_action

SECONDS = st.floats(0, 1e9, allow_nan=False)
COUNTS = st.integers(0, 10**9)
TEXT = st.text(max_size=30)
CODES = st.text("ABCabc019", min_size=1, max_size=10)
ERRORS = st.sampled_from(ErrorCodes)

CONNECT_ONLY = st.one_of(
    st.sampled_from(
        [
            actions.RefuseConnection(),
            actions.StallHandshake(),
            actions.NeverAnswer(),
        ]
    ),
    st.builds(Refuse, st.integers(400, 599), st.none() | CODES, st.none() | st.text(min_size=1)),
    st.builds(actions.AnswerLate, SECONDS),
    st.builds(actions.RetryAfter, COUNTS),
)
ON_STREAM = st.one_of(
    st.sampled_from(
        [
            actions.DropConnection(),
            actions.EndStream(),
            actions.CorruptChecksum(),
            actions.Silence(),
            actions.StopReading(),
            actions.InjectUnknownEvent(),
            actions.CutEvent("end"),
            actions.CutEvent("drop"),
            actions.InjectMalformed("json"),
            actions.InjectMalformed("binary"),
        ]
    ),
    st.builds(actions.GoAway, ERRORS),
    st.builds(ResetStream, ERRORS),
    st.builds(actions.SendModelStreamError, TEXT, TEXT),
    st.builds(actions.SendInternalStreamFailure, TEXT),
    st.builds(actions.SendUnmodelledError, TEXT, TEXT),
    st.builds(InjectText, TEXT),
    st.builds(actions.InjectBig, COUNTS),
    st.builds(actions.FragmentOutput, st.integers(1, 999), st.booleans()),
    st.builds(actions.DelayOutput, SECONDS),
)
TRIGGERS = st.one_of(
    st.builds(AfterSeconds, SECONDS),
    st.builds(AfterBytes, COUNTS),
    st.builds(AfterEvents, COUNTS),
    st.builds(OnControl, CODES),
)
STREAMS = st.one_of(
    st.integers(1, 99),
    st.tuples(st.integers(1, 99), st.integers(1, 9)).map(lambda two: range(two[0], sum(two))),
    st.integers(1, 99).map(from_stream),
    st.sampled_from(["every", "current", "next"]),
)
FAULTS = st.one_of(
    st.builds(lambda action, stream: Fault(action, stream=stream), CONNECT_ONLY, STREAMS),
    st.builds(
        lambda action, stream, when: Fault(action, stream=stream, when=when),
        ON_STREAM,
        STREAMS,
        TRIGGERS,
    ),
)


@given(FAULTS)
def test_what_is_written_reads_back(fault: Fault):
    text = format_fault(fault)
    assert "\n" not in text
    assert parse_fault(text) == fault


def test_every_action_has_a_text_form():
    """No action can be added without one."""
    known = {
        each
        for each in vars(actions).values()
        if isinstance(each, type) and each.__module__ == actions.__name__
    }
    assert known == {action for action, _ in text_form._ACTIONS.values()}


def test_every_text_form_is_documented():
    assert text_form.__doc__ is not None
    for name in [*text_form._ACTIONS, *text_form._TRIGGERS]:
        assert f"\n``{name}" in text_form.__doc__


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("reset@bytes=64000", Fault(ResetStream(), when=AfterBytes(64000))),
        (
            "refuse=429:ThrottlingException@connect,streams=1-2",
            Fault(Refuse(429, "ThrottlingException"), stream=range(1, 3), when=AtConnect()),
        ),
        ("late=3@connect", Fault(actions.AnswerLate(3))),
        ("silence@seconds=5", Fault(actions.Silence(), when=AfterSeconds(5))),
        ("cut@events=3", Fault(actions.CutEvent(), when=AfterEvents(3))),
        (
            "goaway=INTERNAL_ERROR@control=Finalize",
            Fault(actions.GoAway(ErrorCodes.INTERNAL_ERROR), when=OnControl("Finalize")),
        ),
        ("goaway@connect", Fault(actions.GoAway(), when=AtConnect())),
        ("drop,streams=3-", Fault(actions.DropConnection(), stream=range(3, sys.maxsize))),
        (
            "refuse=503::try again: later,streams=every",
            Fault(Refuse(503, None, "try again: later"), stream="every"),
        ),
        (
            'text={"a": "b,streams=c@d"}@seconds=0,streams=1',
            Fault(InjectText('{"a": "b,streams=c@d"}')),
        ),
    ],
)
def test_the_documented_examples(text: str, fault: Fault):
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "named", "allowed"),
    [
        ("rest@bytes=3", "'rest'", "refuse-connection, stall-tls"),
        ("reset@byte=3", "'byte'", "connect, seconds, bytes, events, control"),
        ("reset=FOO", "'FOO'", "NO_ERROR, PROTOCOL_ERROR"),
        ("reset@bytes=many", "'many'", "whole number"),
        ("reset@bytes", "bytes", "needs an argument"),
        ("late=-1", "'-1'", "from 0 up"),
        ("late=nan", "'nan'", "from 0 up"),
        ("late", "late", "needs an argument"),
        ("drop=2", "drop", "takes no argument"),
        ("drop,streams=0", "streams=0", "2-5, 2-, every"),
        ("drop,streams=5-2", "streams=5-2", "must not be below"),
        ("drop,streams=some", "streams=some", "2-5, 2-, every"),
        ("cut=into pieces", "'into pieces'", "end, drop"),
        ("fragment=3:everywhere", "'everywhere'", "inside-characters"),
        ("refuse=200", "200", "from 400 to 599"),
        ("never-answer@seconds=3", "NeverAnswer", "at connect"),
        ("", "''", "allowed"),
    ],
)
def test_a_bad_fault_is_named_with_what_is_allowed(text: str, named: str, allowed: str):
    with pytest.raises(ValueError, match="cannot be read") as caught:
        parse_fault(text)
    assert named in str(caught.value)
    assert allowed in str(caught.value)


def test_lines_may_be_empty_or_comments():
    lines = "# first\n\n  drop \r\nreset@events=1\n"
    assert [describe_action(fault.action) for fault in parse_faults(lines)] == [
        "drop",
        "reset=INTERNAL_ERROR",
    ]
