# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An error that nobody foresaw, while a message is handled: reported, and never a deaf call."""

from typing import Any

import pytest
from pipecat.frames.frames import TextFrame

from pipecat_sagemaker_deepgram.client.records import Message

from ..flux_pipelines import PAUSE, flux, flux_path
from ..local_path import local_path, marked_audio, words
from ..pipelines import nova, running


def _break(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the handling of the next message fail."""
    conversation = service._call.conversation
    observe = conversation.observe

    def fail(record: Any, now: float) -> Any:
        if isinstance(record, Message):
            raise LookupError("nobody foresaw this")
        return observe(record, now)

    monkeypatch.setattr(conversation, "observe", fail)


@pytest.mark.parametrize("kind", ["nova", "flux"])
async def test_the_service_is_unusable_the_pipeline_flows_and_the_next_call_is_heard(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (flux_path if kind == "flux" else local_path)() as path:
        service = (flux if kind == "flux" else nova)(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            _break(service, monkeypatch)
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda p: p.errors)
            assert not service.is_usable
            await pipeline.speak(marked_audio(20, 5))
            await pipeline.send(TextFrame("passes"))
            await pipeline.until(lambda p: any(type(frame) is TextFrame for frame in p.down))
        assert ["LookupError" in error for error in pipeline.errors] == [True]
        async with running(service) as second:
            await second.speak(marked_audio(100, 20) + PAUSE)
    assert second.words == words(100, 20)
    assert second.errors == []
