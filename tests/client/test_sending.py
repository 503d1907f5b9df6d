# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What may be given to send: data of another type is refused, before it can break a stream."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.sending import data_control, text_control


@pytest.mark.parametrize("data", ["text", None, 3, [1, 2]])
def test_what_is_no_bytes_is_refused(data: Any) -> None:
    with pytest.raises(TypeError, match=f"data_bytes is of type {type(data).__name__}"):
        data_control(data, "BINARY")


@pytest.mark.parametrize("data_type", ["utf8", "TEXT", ""])
def test_a_type_that_does_not_exist_is_not_taken_for_binary(data_type: str) -> None:
    with pytest.raises(TypeError, match=f"data_type is '{data_type}'"):
        data_control(b"x", data_type)


@pytest.mark.parametrize("text", [b"bytes", None, 3])
def test_what_is_no_text_is_refused(text: Any) -> None:
    with pytest.raises(TypeError, match=f"text is of type {type(text).__name__}"):
        text_control(text, "")


def test_a_buffer_may_be_used_again() -> None:
    buffer = bytearray(b"first")
    control = data_control(buffer, None)
    buffer[:] = b"again"
    assert control.payload == b"first"
    assert data_control(memoryview(b"view"), "UTF8").payload == b"view"
