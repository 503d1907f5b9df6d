# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The faults, and what is said meanwhile. Pure."""

from dataclasses import dataclass

WORDS = 50
"""Words that are said, a tenth of a second each, with a pause after half of them."""

PATIENCE = 10.0
"""Seconds after which a frame that has not come through counts as held up."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        name: Its name in the table.
        script: The fault, as the emulator's script.
        hangs_up: Whether the pipeline ends with the last word, not a second after it.
    """

    name: str
    script: tuple[str, ...] = ()
    hangs_up: bool = False


FAULTS = (
    Fault(name="none"),
    Fault(name="none; the call ends with the last word", hangs_up=True),
    Fault(name="stream reset", script=("reset@bytes=60000",)),
    Fault(name="connection dropped", script=("drop@bytes=60000",)),
    Fault(name="stream ended by the endpoint", script=("end@bytes=60000",)),
    Fault(name="`ModelStreamError`", script=("model-stream-error@bytes=60000",)),
    Fault(name="endpoint stops answering", script=("silence@bytes=60000",)),
    Fault(name="endpoint stops reading", script=("stop-reading@bytes=60000",)),
    Fault(name="messages in `PARTIAL` parts", script=("fragment=200@seconds=0",)),
    Fault(name="connect takes 3 s", script=("late=3@connect",)),
    Fault(
        name="503 once at connect",
        script=("refuse=503:ServiceUnavailableError@connect,streams=1",),
    ),
    Fault(name="424 once at connect", script=("refuse=424:ModelError@connect,streams=1",)),
    Fault(name="no answer at the first connect", script=("never-answer@connect,streams=1",)),
)


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The input of the process that speaks.

    Attributes:
        module: Module that makes the service.
        model: ``nova`` or ``flux``.
        audio: File of linear16 audio, 16 kHz.
        hangs_up: Whether the pipeline ends with the last word.
        patience: Seconds that a frame may take to come through.
    """

    module: str
    model: str
    audio: str
    hangs_up: bool
    patience: float = PATIENCE


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The result of the process that speaks.

    Attributes:
        words: The words of all finals, in order.
        errors: Errors that the service reported.
        is_held_up: Whether a frame that followed the audio did not come through in time.
        end_seconds: Seconds until the end of the pipeline came through; None if it did not.
    """

    words: list[str]
    errors: int
    is_held_up: bool
    end_seconds: float | None

    @property
    def lost(self) -> int:
        """Words that no final has."""
        return WORDS - len(set(self.words))

    @property
    def repeated(self) -> int:
        """Words that were heard more than once."""
        return len(self.words) - len(set(self.words))
