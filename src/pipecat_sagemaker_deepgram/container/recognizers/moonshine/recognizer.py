# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recognition of English speech on this machine: Moonshine tiny-en, cut by Silero VAD.

The models come inside their Python packages; nothing is downloaded. Moonshine reads a passage of
speech as a whole, and reads short ones badly, so a passage ends at a pause of 300 ms at least,
even where Deepgram's default ``endpointing`` of 10 ms would end it sooner; a longer
``endpointing`` waits longer. It gives no word times: they are estimated over the voiced spans.
Whether a pause is the end of a turn is judged by smart-turn. Its model and Silero's come with
Pipecat.
"""

import os
import threading
import uuid
from collections.abc import Callable
from typing import Any

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.passage_reader import PassageReader
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.session import (
    MoonshineOptions,
    MoonshineSession,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.smart_turn import load_smart_turn
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    TranscriberPool,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turns import MoonshineTurnSession
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.voice import (
    VoiceDetector,
    load_silero,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    ModelInfo,
    RecognizerSession,
    RecognizerUnavailableError,
    SessionConfig,
    TurnSession,
)

_VERSION = "0.0.73"
_SINGLE_THREAD = "MOONSHINE_ORT_SINGLE_THREAD"
"""Keeps the library from starting threads. They mostly busy-wait, taking more than half of the time
of a decode, and with many streams the container's own threads are enough."""

_INSTALL = "install it with: pip install 'pipecat-sagemaker-deepgram[local]'"


class MoonshineRecognizer:
    """Moonshine tiny-en from ``moonshine-voice`` 0.0.73, with Silero VAD and smart-turn.

    Args:
        options: Its options.
    """

    max_speed = None
    model_info = ModelInfo(
        name="moonshine-tiny-en",
        version=_VERSION,
        arch="moonshine",
        uuid=str(uuid.uuid5(uuid.NAMESPACE_DNS, f"tiny-en.{_VERSION}.moonshine")),
    )

    def __init__(self, options: MoonshineOptions | None = None) -> None:
        self._options = options or MoonshineOptions()
        self._load_lock = threading.Lock()
        self._pool = TranscriberPool()
        self._reader: PassageReader | None = None
        self._voice: Any = None

    @property
    def workers(self) -> int:
        """As many threads as voice detection needs to go on while other sessions wait to decode."""
        return 8 * self._options.transcribers

    def load(self) -> None:
        """Load the models from their packages.

        Raises:
            RecognizerUnavailableError: A package is missing or contains no model.
        """
        with self._load_lock:
            self._voice = self._voice or load_silero()
            while len(self._pool) < self._options.transcribers:
                self._pool.add(_load_transcriber())
            if self._reader is None:
                self._reader = PassageReader(
                    self._pool,
                    load_smart_turn().probability,
                    lead=self._options.lead_silence,
                    tail=self._options.tail_silence,
                )

    def supports_language(self, language: str) -> bool:
        """English, in any region, and ``multi``, of which it understands the English part."""
        return language == "multi" or language.lower().split("-")[0] == "en"

    def wanted_sample_rate(self, sample_rate: int) -> int:
        """Always 16 kHz."""
        return SAMPLE_RATE

    def open_session(self, config: SessionConfig) -> RecognizerSession:
        """Open a session for one channel, with a voice detector of its own."""
        return MoonshineSession(config, self._options, self._pool, self._detector())

    def open_turn_session(self, sample_rate: int) -> TurnSession:
        """Open a session that detects turns, with a voice detector of its own."""
        assert self._reader is not None, "load the recogniser first"
        return MoonshineTurnSession(
            self._options.turns, self._options.rules, self._reader, self._detector()
        )

    def _detector(self) -> Callable[[bytes], float]:
        assert self._voice is not None, "load the recogniser first"
        return VoiceDetector(self._voice).probability

    def close(self) -> None:
        """Release the models and end their threads."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._pool.close()


def _load_transcriber() -> Any:
    try:
        from moonshine_voice import ModelArch, MoonshineError, Transcriber
        from moonshine_voice.utils import get_model_path
    except ImportError as error:
        raise RecognizerUnavailableError(f"moonshine-voice cannot be used; {_INSTALL}") from error
    os.environ.setdefault(_SINGLE_THREAD, "1")
    path = get_model_path("tiny-en")
    try:
        return Transcriber(path, ModelArch.TINY, options={"vad_threshold": "0.0"})
    except MoonshineError as error:
        raise RecognizerUnavailableError(
            f"moonshine-voice holds no tiny-en model at {path} ({error}); "
            f"version {_VERSION} does: {_INSTALL}"
        ) from error
