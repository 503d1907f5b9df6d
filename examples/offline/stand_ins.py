# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Stand-ins for the bot's other cloud services: the language model and text-to-speech."""

from collections.abc import AsyncGenerator

from pipecat.frames.frames import (
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from .voices import SAMPLE_RATE, Voice

_GREETING = "Hello. Say something, and I will repeat it."
_INVITATION = (
    "Interrupt me whenever you like, and I will stop at once. "
    "Or break the stream while you speak: I will still repeat every word."
)


class EchoLLM(FrameProcessor):
    """Takes the place of the language model: answers with what it heard."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context, and pass every other frame on.

        Args:
            frame: The frame.
            direction: Where it goes.
        """
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        await self.push_frame(LLMTextFrame(answer_to(last_words(frame.context))))
        await self.push_frame(LLMFullResponseEndFrame())


class LocalTTS(TTSService):
    """Takes the place of a cloud's text-to-speech: speaks with a local voice.

    Args:
        voice: The voice.
    """

    def __init__(self, voice: Voice) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="local", voice=voice.name, language=None),
        )
        self._voice = voice

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Speak a sentence.

        Args:
            text: The sentence.
            context_id: Id of the answer it belongs to.

        Yields:
            Its audio.
        """
        sound = await self._voice.speak(text)
        yield TTSAudioRawFrame(sound, SAMPLE_RATE, 1, context_id=context_id)


def last_words(context: LLMContext) -> str:
    """What the user said last.

    Args:
        context: The conversation.

    Returns:
        Empty when the user has said nothing yet.
    """
    for message in reversed(context.get_messages()):
        if isinstance(message, dict) and message.get("role") == "user":
            return str(message.get("content", ""))
    return ""


def answer_to(words: str) -> str:
    """The answer of ``EchoLLM``.

    Args:
        words: What the user said; empty for a greeting.
    """
    return f"You said: {words.rstrip('.,!?')}. {_INVITATION}" if words else _GREETING
