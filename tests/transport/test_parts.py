# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Parts make whole messages, and failures in the stream become errors."""

import json

import pytest

from pipecat_sagemaker_deepgram.exceptions import EventStreamError, ModelStreamError
from pipecat_sagemaker_deepgram.transport.error_bodies import MOST_TEXT
from pipecat_sagemaker_deepgram.transport.eventstream import EventMessage, EventStreamDecoder
from pipecat_sagemaker_deepgram.transport.parts import PartJoiner, encode_part


def part(payload: bytes, **headers: str) -> EventMessage:
    return EventMessage(
        {":message-type": "event", ":event-type": "PayloadPart", **headers}, payload
    )


def failure(payload: bytes, **headers: str) -> EventMessage:
    named = {f":{name.replace('_', '-')}": value for name, value in headers.items()}
    return EventMessage({":message-type": "exception", **named}, payload)


def test_a_complete_text_part_is_a_str_and_a_binary_one_is_bytes() -> None:
    joiner = PartJoiner()
    assert joiner.join(part(b"{}", DataType="UTF8", CompletionState="COMPLETE")) == "{}"
    assert joiner.join(part(b"{}", DataType="BINARY")) == b"{}"


def test_absent_headers_mean_binary_and_complete() -> None:
    assert PartJoiner().join(part(b"x")) == b"x"


def test_an_empty_part_is_an_empty_message_and_no_end() -> None:
    assert PartJoiner().join(part(b"", DataType="UTF8")) == ""
    assert PartJoiner().join(part(b"")) == b""


def test_parts_are_joined_inside_a_character_too() -> None:
    joiner = PartJoiner()
    whole = "déjà vu €".encode()
    for byte in whole[:-1]:
        assert joiner.join(part(bytes((byte,)), DataType="UTF8", CompletionState="PARTIAL")) is None
        assert joiner.is_inside_message
    assert joiner.join(part(whole[-1:], DataType="UTF8", CompletionState="COMPLETE")) == "déjà vu €"
    assert not joiner.is_inside_message


def test_the_first_part_decides_on_the_type() -> None:
    joiner = PartJoiner()
    assert joiner.join(part(b"a", DataType="UTF8", CompletionState="PARTIAL")) is None
    assert joiner.join(part(b"b", CompletionState="COMPLETE")) == "ab"
    assert joiner.join(part(b"c", DataType="BINARY")) == b"c"


def test_events_of_other_kinds_carry_nothing_and_do_not_break_a_message() -> None:
    joiner = PartJoiner()
    assert joiner.join(part(b"a", DataType="UTF8", CompletionState="PARTIAL")) is None
    other = EventMessage({":message-type": "event", ":event-type": "FuturePart"}, b"{}")
    assert joiner.join(other) is None
    assert joiner.join(part(b"b", DataType="UTF8")) == "ab"


def test_a_message_that_grows_past_the_cap_is_refused() -> None:
    joiner = PartJoiner(max_message_length=10)
    assert joiner.join(part(b"12345", CompletionState="PARTIAL")) is None
    assert joiner.join(part(b"67890", CompletionState="PARTIAL")) is None
    with pytest.raises(EventStreamError, match="grew past 10 bytes"):
        joiner.join(part(b"x"))


def test_text_that_is_not_utf8_is_refused_and_the_next_message_is_read() -> None:
    joiner = PartJoiner()
    with pytest.raises(EventStreamError, match="not UTF-8"):
        joiner.join(part(b"\xff", DataType="UTF8"))
    assert joiner.join(part(b"ok", DataType="UTF8")) == "ok"


@pytest.mark.parametrize("kind", ["ModelStreamError", "InternalStreamFailure"])
def test_a_modelled_failure_keeps_kind_code_and_text(kind: str) -> None:
    body = json.dumps({"Message": "Input stream broken", "ErrorCode": "1011"}).encode()
    with pytest.raises(ModelStreamError) as caught:
        PartJoiner().join(failure(body, exception_type=kind))
    assert (caught.value.kind, caught.value.code) == (kind, "1011")
    assert caught.value.details == "Input stream broken"
    assert f"{kind} 1011 " not in str(caught.value)
    assert f"{kind} 1011." in str(caught.value)
    assert "Input stream broken" not in str(caught.value)
    assert "CloudWatch" in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"\xff",
        b'{"Message": null}',
        b'{"Message": {}}',
        b'{"ErrorCode": "not a code"}',
        b'{"ErrorCode": [7]}',
        b"[" * 100_000,
        b'{"Message": ' + b"[" * 100_000,
        b'{"ErrorCode": ' + b"9" * 5_000 + b"}",
    ],
    ids=range(11),
)
def test_a_failure_without_a_readable_body_is_still_one(body: bytes) -> None:
    with pytest.raises(ModelStreamError) as caught:
        PartJoiner().join(failure(body, exception_type="ModelStreamError"))
    assert caught.value.message == "The endpoint ended the stream with ModelStreamError"
    assert (caught.value.code, caught.value.details) == ("", "")


def test_a_long_text_of_a_failure_is_cut() -> None:
    body = json.dumps({"Message": "x" * 100_000}).encode()
    with pytest.raises(ModelStreamError) as caught:
        PartJoiner().join(failure(body, exception_type="ModelStreamError"))
    assert len(caught.value.details) == MOST_TEXT


def test_an_unmodelled_error_keeps_code_and_text() -> None:
    event = EventMessage(
        {":message-type": "error", ":error-code": "InternalFailure", ":error-message": "Oops"}, b""
    )
    with pytest.raises(ModelStreamError, match="InternalFailure") as caught:
        PartJoiner().join(event)
    assert (caught.value.code, caught.value.details) == ("InternalFailure", "Oops")
    assert "Oops" not in str(caught.value)


def test_a_part_for_the_container_says_its_type() -> None:
    (event,) = EventStreamDecoder().feed(encode_part(b"{}", "UTF8"))
    assert event.payload == b"{}"
    assert event.headers["DataType"] == "UTF8"
    assert event.headers[":event-type"] == "PayloadPart"
