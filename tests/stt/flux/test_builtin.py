# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The same messages give the same frames here and in Pipecat's own Flux base, where that is right.

Where it is not, ``test_flux_defects`` has the table.
"""

import copy
import inspect
import json
from collections.abc import AsyncGenerator
from importlib.metadata import version
from typing import Any

import pytest
from pipecat.frames.frames import Frame, InterimTranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.deepgram.flux.stt_base import DeepgramFluxSTTBase, DeepgramFluxSTTSettings

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.client import Message
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
    marked_audio,
)

from ...container.conversation import talk

SAYS_INTERIMS = tuple(map(int, version("pipecat-ai").split(".")[:2])) >= (1, 13)
"""Pipecat's own base pushes none from 1.9 to 1.12."""

RECORDED = [
    ("Update", 0.2, "", 0.1),
    ("Update", 0.5, "", 0.1),
    ("StartOfTurn", 0.6, "Hi I", 0.1),
    ("Update", 0.8, "Hi I need to", 0.1),
    ("Update", 1.0, "Hi I need to cancel my subscription.", 0.3),
    ("EagerEndOfTurn", 1.1, "Hi I need to cancel my subscription.", 0.3),
    ("TurnResumed", 1.2, "Hi I need to cancel my subscription please", 0.1),
    ("Update", 1.4, "Hi I need to cancel my subscription please.", 0.3),
    ("EagerEndOfTurn", 1.5, "Hi I need to cancel my subscription please.", 0.3),
    ("Update", 1.6, "Hi I need to cancel my subscription please.", 0.5),
    ("EndOfTurn", 1.7, "Hi I need to cancel my subscription please.", 0.7),
]
"""A turn as Deepgram's documentation describes it ("Flux state machine")."""


def _documented() -> list[dict[str, Any]]:
    turns = [
        {
            "type": "TurnInfo",
            "request_id": "r",
            "sequence_id": number,
            "event": event,
            "turn_index": 0,
            "audio_window_start": 0.0,
            "audio_window_end": end,
            "transcript": text,
            "words": [{"word": word, "confidence": 0.9} for word in text.split()],
            "end_of_turn_confidence": confidence,
        }
        for number, (event, end, text, confidence) in enumerate(RECORDED, 1)
    ]
    return [{"type": "Connected", "request_id": "r", "sequence_id": 0}, *turns]


async def _of_the_container() -> list[dict[str, Any]]:
    """Two turns as the container reports them, the first with a hesitation."""
    behavior = ScriptedBehavior(turns=ScriptedTurns(pause=0.4))
    hesitation, pause = bytes(32_000 * 3 // 10), bytes(32_000)
    speech = marked_audio(0, 5) + hesitation + marked_audio(5, 5) + pause + marked_audio(10, 5)
    async with ModelContainer(ScriptedRecognizer(behavior)) as container:
        await container.wait_until_ready()
        frames = [(speech + pause)[at : at + 2560] for at in range(0, len(speech + pause), 2560)]
        reply = await talk(container.url, frames, "&eager_eot_threshold=0.35")
    return reply.messages


class _Collecting:
    """Keeps what is pushed, and pushes nothing."""

    collected: list[tuple[str, Any]]

    async def push_frame(
        self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM
    ) -> None:
        fields = ("text", "user_id", "language", "result", "finalized")
        self.collected.append(
            (type(frame).__name__, [getattr(frame, name, None) for name in fields])
        )

    async def broadcast_frame(self, frame_cls: type[Frame], **_: Any) -> None:
        self.collected.append((f"both ways: {frame_cls.__name__}", []))


class _Builtin(_Collecting, DeepgramFluxSTTBase):
    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        yield None

    async def _transport_send_audio(self, audio: bytes) -> None: ...
    async def _transport_send_json(self, message: dict[str, Any]) -> None: ...
    def _transport_is_active(self) -> bool:
        return True

    async def _connect(self) -> None: ...
    async def _disconnect(self) -> None: ...


class _Ours(_Collecting, DeepgramFluxSageMakerSTTService):
    pass


type Messages = list[dict[str, Any]]


async def _frames_of_builtin(messages: Messages, *, eager: bool) -> list[tuple[str, Any]]:
    settings = DeepgramFluxSTTSettings(
        model="flux-general-en",
        language=None,
        eager_eot_threshold=None,
        eot_threshold=None,
        eot_timeout_ms=None,
        keyterm=[],
        min_confidence=None,
        language_hints=None,
    )
    service = _Builtin(settings=settings, enable_eager_end_of_turn=eager)
    service.collected = []
    for message in messages:
        await service._handle_message(message)
    return service.collected


async def _frames_of_ours(messages: Messages, *, eager: bool) -> list[tuple[str, Any]]:
    service = _Ours(endpoint_name="e", region="us-east-1", enable_eager_end_of_turn=eager)
    service.collected = []
    protocol = service._call.conversation.protocol
    read, timeline = protocol.new_reader(), StreamTimeline(bytes_per_second=32_000)
    for message in messages:
        data = json.dumps(message)
        value = protocol.in_session_time(read(data).value, timeline)
        await service._call.take(Message(data, value, 1, timeline))
    return service.collected


@pytest.mark.parametrize("eager", [True, False], ids=["eager", "not eager"])
async def test_a_documented_turn_gives_the_same_frames(eager: bool) -> None:
    await _assert_same_frames(_documented(), eager=eager)


@pytest.mark.parametrize("eager", [True, False], ids=["eager", "not eager"])
async def test_turns_recorded_from_the_container_give_the_same_frames(eager: bool) -> None:
    messages = await _of_the_container()
    reported = {message.get("event") for message in messages[1:]}
    assert reported == {"Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"}
    await _assert_same_frames(messages, eager=eager)


async def _assert_same_frames(messages: Messages, *, eager: bool) -> None:
    builtin = await _frames_of_builtin(copy.deepcopy(messages), eager=eager)
    ours = await _frames_of_ours(messages, eager=eager)
    if not SAYS_INTERIMS:
        ours = [frame for frame in ours if frame[0] != InterimTranscriptionFrame.__name__]
    assert ours == builtin
    assert len(ours) >= 3


def test_the_settings_have_the_same_names() -> None:
    theirs = set(inspect.signature(DeepgramFluxSTTSettings).parameters)
    assert theirs <= set(inspect.signature(DeepgramFluxSageMakerSTTService.Settings).parameters)


def test_the_constructor_has_the_same_parameters_and_defaults() -> None:
    ours = inspect.signature(DeepgramFluxSageMakerSTTService.__init__).parameters
    theirs = inspect.signature(DeepgramFluxSTTBase.__init__).parameters
    for name, parameter in theirs.items():
        if name not in ("self", "settings", "kwargs"):
            assert ours[name].default == parameter.default, name


def test_it_has_the_same_event_handlers() -> None:
    service = DeepgramFluxSageMakerSTTService(endpoint_name="e", region="us-east-1")
    builtin = _Builtin(settings=DeepgramFluxSTTSettings(model="m", keyterm=[]))
    assert set(builtin._event_handlers) <= set(service._event_handlers)
