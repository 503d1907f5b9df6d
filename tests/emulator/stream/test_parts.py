# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Parts: what the SDK sends is understood, and nothing is lost between parts and frames."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode

from pipecat_sagemaker_deepgram.emulator.stream.eventstream import encode_message
from pipecat_sagemaker_deepgram.emulator.stream.parts import (
    InputFrames,
    InvalidPartError,
    OutputParts,
    Part,
    decode_part,
    encode_error,
    encode_exception,
    encode_part,
    half_of,
    split_part,
    with_bad_checksum,
)


def test_parts_of_the_sdk_are_decoded(vectors: dict[str, Any]):
    *events, _ = vectors["events"]
    for each in events:
        part = decode_part(bytes.fromhex(each["inner"]))
        assert part.payload.hex() == each["payload"]
        assert part.is_text == (each["data_type"] == "UTF8")
        assert part.is_complete == (each["completion_state"] != "PARTIAL")


def test_output_is_what_the_sdk_would_encode(vectors: dict[str, Any]):
    known = {each["name"]: each for each in vectors["responses"]}
    text = Part(bytes.fromhex(known["text"]["payload"]), is_text=True)
    binary = Part(bytes.fromhex(known["binary"]["payload"]), is_text=False, is_complete=False)
    assert encode_part(text).hex() == known["text"]["encoded"]
    assert encode_part(binary).hex() == known["binary"]["encoded"]


def test_errors_are_what_the_sdk_would_encode(vectors: dict[str, Any]):
    known = {each["name"]: each["encoded"] for each in vectors["responses"]}
    members = {"Message": "Input stream broken", "ErrorCode": "1011"}
    assert encode_exception("ModelStreamError", **members).hex() == known["model stream error"]
    unmodelled = encode_error("InternalFailure", "An error without a model")
    assert unmodelled.hex() == known["unmodelled error"]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({":event-type": "Other"}, "Other"),
        ({":message-type": "exception"}, "exception"),
        ({"DataType": "TEXT"}, "TEXT"),
        ({"CompletionState": "DONE"}, "DONE"),
    ],
)
def test_what_the_model_does_not_have_is_refused_by_name(changed: dict[str, str], named: str):
    headers = {":message-type": "event", ":event-type": "PayloadPart", **changed}
    with pytest.raises(InvalidPartError, match=named):
        decode_part(encode_message(headers, b""))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part(b'{"type": "Finalize"}', is_text=True), "Finalize"),
        (Part(b'{"type": "Finalize"}', is_text=False), None),
        (Part(b'{"type": "Finalize"}', is_text=True, is_complete=False), None),
        (Part(b'{"type": 3}', is_text=True), None),
        (Part(b"[1]", is_text=True), None),
        (Part(b"hello", is_text=True), None),
        (Part(b"\xff", is_text=True), None),
    ],
)
def test_a_control_is_a_whole_text_part_with_a_type(part: Part, expected: str | None):
    assert part.control_type == expected


def test_a_run_of_partial_parts_is_one_fragmented_message():
    frames = InputFrames()
    run = [Part(b"", True, False), Part(b"", False, False), Part(b"", False, True)]
    assert [frames.opcode(part) for part in run] == [Opcode.TEXT, Opcode.CONT, Opcode.CONT]
    assert frames.opcode(Part(b"", False)) is Opcode.BINARY
    assert frames.opcode(Part(b"", True)) is Opcode.TEXT


def test_continuations_have_the_type_of_their_message():
    parts = OutputParts()
    assert parts.part(Opcode.TEXT, b"a", False) == Part(b"a", True, False)
    assert parts.part(Opcode.CONT, b"b", True) == Part(b"b", True, True)
    assert parts.part(Opcode.BINARY, b"c", False) == Part(b"c", False, False)
    assert parts.part(Opcode.CONT, b"d", True) == Part(b"d", False, True)


@given(st.text(), st.integers(1, 9), st.booleans(), st.booleans())
def test_pieces_join_to_the_part(text: str, size: int, inside: bool, is_complete: bool):
    part = Part(text.encode(), is_text=True, is_complete=is_complete)
    pieces = list(split_part(part, size, inside_characters=inside))
    assert b"".join(piece.payload for piece in pieces) == part.payload
    assert [piece.is_complete for piece in pieces] == [False] * (len(pieces) - 1) + [is_complete]
    assert all(piece.payload for piece in pieces) or not part.payload


@given(st.text(), st.integers(1, 9))
def test_text_is_cut_between_characters(text: str, size: int):
    pieces = list(split_part(Part(text.encode(), is_text=True), size))
    assert all(len(piece.payload) <= max(size, 4) for piece in pieces)
    assert "".join(piece.payload.decode() for piece in pieces) == text


@given(st.binary(), st.integers(1, 9))
def test_binary_is_cut_at_the_size(data: bytes, size: int):
    pieces = list(split_part(Part(data, is_text=False), size))
    assert all(len(piece.payload) == size for piece in pieces[:-1])
    assert b"".join(piece.payload for piece in pieces) == data


def test_damage_is_where_it_should_be():
    encoded = encode_part(Part(b"payload", is_text=False))
    assert encoded.startswith(half_of(encoded))
    assert 0 < len(half_of(encoded)) < len(encoded)
    assert with_bad_checksum(encoded)[:-4] == encoded[:-4]
    assert with_bad_checksum(encoded) != encoded
