# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the parts of one session share: its phase, its end, and what comes of it. Pure.

===========  ==================================================  =============================
phase        what is there                                       leaves by
===========  ==================================================  =============================
NEW          nothing                                             ``connect``
CONNECTING   a stream being opened, or the time of a retry       ready; recovery failed
UP           a stream that gets the audio; perhaps a successor   a loss; its proper end
             being opened, or a predecessor being drained
DOWN         recovery has failed; the time of a probe            a probe that succeeds
CLOSED       nothing, for good
===========  ==================================================  =============================

Closing is no phase: it is a deadline, until which connecting and recovering go on as before; a
stream that says nothing is given up earlier (``Closing``).
"""

from collections import deque
from enum import Enum, auto

from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.client.session.actions import Action, Write
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError


class Phase(Enum):
    """Phase of a session; the module's docstring has the table."""

    NEW = auto()
    CONNECTING = auto()
    UP = auto()
    DOWN = auto()
    CLOSED = auto()


class SessionState:
    """The state that no part of a session has to itself.

    Attributes:
        phase: The session's phase.
        failure: Why recovery has failed, in the phases DOWN and CLOSED.
        down_since: When the session began to have no stream; ``None`` while nothing has failed.
        dropped_seconds: Seconds of audio that were dropped since then.
        closing: The end that was asked for, until it has come.
        is_closing: Whether an end was asked for, or has come.
        actions: What is to be done about streams, in order.
        injections: What is to be written before any audio and control, in order.
        records: What has happened, in order.
    """

    def __init__(self) -> None:
        self.phase = Phase.NEW
        self.failure: SageMakerDeepgramError | None = None
        self.down_since: float | None = None
        self.dropped_seconds = 0.0
        self.closing: Closing | None = None
        self.is_closing = False
        self.actions: deque[Action] = deque()
        self.injections: deque[Write] = deque()
        self.records: deque[Record] = deque()

    def note_down(self, since: float) -> None:
        """Take note that there is no stream; where that is known, nothing changes.

        Args:
            since: When it began.
        """
        if self.down_since is None:
            self.down_since = since
            self.dropped_seconds = 0.0
