# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The interface of speech synthesisers, and the default one.

``HibariSynthesizer`` replaces every requested voice, and names itself in every response. It is
small and quick, and its package includes its voice, both under Apache 2.0; nothing is downloaded.
Another synthesiser, such as Piper with a voice of your own, needs three methods. This project does
not install Piper, which is under the GPL.
"""

import re
import threading
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo

_VERSION = "0.2.1"
_INSTALL = "install it with: pip install 'pipecat-sagemaker-deepgram[local]'"
_SENTENCE = re.compile(r".+?(?:[.!?…]+[\"')\]]*\s+|\n+|\Z)", re.DOTALL)
_PRONUNCIATION = re.compile(r'\\\{\s*"word"\s*:\s*"([^"]*)"\s*,\s*"pronounce"\s*:\s*"[^"]*"\s*\}')
MARKUP_STRIPPED = "INPUT_MARKUP_STRIPPED"
MARKUP_STRIPPED_TEXT = "The voice of this container takes no pronunciations; the word is spoken."


class SynthesizerUnavailableError(RuntimeError):
    """The synthesiser cannot be loaded; the message says what to install."""


class Synthesizer(Protocol):
    """A speech synthesiser, shared by all connections and called from several threads."""

    @property
    def model_info(self) -> ModelInfo:
        """The model named in responses."""
        ...

    @property
    def sample_rate(self) -> int:
        """Sample rate of its speech, in Hz."""
        ...

    def load(self) -> None:
        """Load the model, which may take a second; a later call does nothing.

        Raises:
            SynthesizerUnavailableError: The model cannot be loaded.
        """
        ...

    def speak(self, text: str, speed: float) -> NDArray[np.float32]:
        """Speak a sentence; return samples from -1.0 to 1.0, none if there is nothing to speak."""
        ...


class HibariSynthesizer:
    """The American English voice that comes with ``hibari-tts``."""

    sample_rate = 24000
    model_info = ModelInfo(
        name="hibari-heart",
        version=_VERSION,
        arch="hibari",
        uuid=str(uuid.uuid5(uuid.NAMESPACE_DNS, f"heart.{_VERSION}.hibari")),
    )

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._voice: Any = None

    def load(self) -> None:
        """Load the voice from its package.

        Raises:
            SynthesizerUnavailableError: The package is missing.
        """
        with self._lock:
            if self._voice is None:
                self._voice = _load_voice()

    def speak(self, text: str, speed: float) -> NDArray[np.float32]:
        """Speak a sentence; the same sentence sounds the same each time."""
        with self._lock:
            return self._voice(text, speed=speed, seed=0)


def _load_voice() -> Any:
    try:
        from hibari import Hibari
    except ImportError as error:
        raise SynthesizerUnavailableError(f"hibari-tts cannot be used; {_INSTALL}") from error
    return Hibari()


def strip_markup(text: str) -> tuple[str, bool]:
    """Replace each inline pronunciation by its word; return whether there was one."""
    stripped, count = _PRONUNCIATION.subn(r"\1", text)
    return stripped, count > 0


def sentences(text: str) -> list[str]:
    """Split text after each sentence; the pieces joined are the text."""
    return _SENTENCE.findall(text)


def take_sentences(text: str) -> tuple[Sequence[str], str]:
    """Split an unfinished text into complete sentences and the rest."""
    *whole, last = sentences(text) or [""]
    return whole, last


def cut(samples: NDArray[np.float32], size: int) -> Iterator[NDArray[np.float32]]:
    """Cut samples into pieces of a given size."""
    return (samples[at : at + size] for at in range(0, len(samples), size))
