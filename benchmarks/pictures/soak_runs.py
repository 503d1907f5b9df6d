# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The record of a soak's runs. Pure."""

from collections.abc import Sequence

import msgspec

from pipecat_sagemaker_deepgram.recorded.transcript import Transcript


class WordHeard(msgspec.Struct, frozen=True, kw_only=True):
    """A word that came out.

    Attributes:
        said: Seconds from the beginning of the run to when its audio had been given away.
        heard: Likewise, to when it was settled.
    """

    said: float
    heard: float

    @property
    def latency(self) -> float:
        """Seconds from one to the other."""
        return max(0.0, self.heard - self.said)


class SoakRun(Transcript, kw_only=True):
    """A run, in the form of a transcript, so that it can be drawn as a page too.

    Its ``source`` is the command to repeat it, its ``problem`` what went wrong.

    Attributes:
        heard: The words, in the order they were heard.
    """

    heard: list[WordHeard] = msgspec.field(default_factory=list[WordHeard])

    def note_problem(self, problem: str) -> None:
        """Record what went wrong.

        Args:
            problem: What went wrong; empty if nothing did.
        """
        self.problem, self.is_complete = problem, not problem


def write_soak(runs: Sequence[SoakRun]) -> bytes:
    """Write runs, one per line.

    Args:
        runs: The runs.
    """
    return msgspec.json.Encoder().encode_lines(runs)


def read_soak(content: bytes) -> list[SoakRun]:
    """Read runs.

    Args:
        content: What ``write_soak`` has written.

    Raises:
        msgspec.MsgspecError: It is something else.
    """
    return msgspec.json.Decoder(SoakRun).decode_lines(content)
