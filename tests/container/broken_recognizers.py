# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Scripted recognisers that stop, or fail, where a test says."""

import threading
from collections.abc import Sequence

from pipecat_sagemaker_deepgram.container import (
    RecognizerUnavailableError,
    ScriptedBehavior,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    RecognizerEvent,
    SessionConfig,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.recognizer import ScriptedSession

_LONGEST_WAIT = 20.0


class SlowToLoad(ScriptedRecognizer):
    """Loads when ``loaded`` is set."""

    workers = 1

    def __init__(self) -> None:
        super().__init__()
        self.loaded = threading.Event()

    def load(self) -> None:
        assert self.loaded.wait(_LONGEST_WAIT)


class Missing(ScriptedRecognizer):
    """Cannot be loaded."""

    def load(self) -> None:
        raise RecognizerUnavailableError("the weights are not here")


class Busy(ScriptedRecognizer):
    """Sessions decode in threads, and only while ``may_decode`` is set."""

    workers = 1

    def __init__(self) -> None:
        super().__init__()
        self.may_decode = threading.Event()
        self.is_decoding = threading.Event()

    def open_session(self, config: SessionConfig) -> ScriptedSession:
        return _BusySession(config, self)


class _BusySession(ScriptedSession):
    def __init__(self, config: SessionConfig, recognizer: Busy) -> None:
        super().__init__(config, ScriptedBehavior())
        self._recognizer = recognizer

    def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
        self._recognizer.is_decoding.set()
        assert self._recognizer.may_decode.wait(_LONGEST_WAIT)
        return super().feed(pcm)


class Broken(ScriptedRecognizer):
    """Every session fails at the first audio."""

    def open_session(self, config: SessionConfig) -> ScriptedSession:
        return _BrokenSession(config, ScriptedBehavior())


class _BrokenSession(ScriptedSession):
    def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
        raise ArithmeticError("a session broke")
