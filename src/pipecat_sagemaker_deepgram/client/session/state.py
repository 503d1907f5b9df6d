# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the parts of one session share: its phase, its end, its actions and records. Pure.

===========  ==================================================  =============================
phase        what is there                                       leaves by
===========  ==================================================  =============================
NEW          nothing                                             ``connect``
CONNECTING   a stream being opened, or the time of a retry       ready; recovery failed
UP           a stream that gets the audio; perhaps a successor   a loss; its proper end
             being opened, or a predecessor being drained
DOWN         recovery has failed; the time of a probe            a probe that succeeds
CLOSED       nothing                                             nothing
===========  ==================================================  =============================

Closing is not a phase but a deadline. Until then, connecting and recovering continue as before, but
a stream that sends nothing is given up earlier (``Closing``).
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
    """The state that the parts of a session share.

    Attributes:
        phase: The session's phase.
        failure: Why recovery has failed, in the phases DOWN and CLOSED.
        down_since: Since when the session has had no stream; ``None`` while nothing has failed.
        dropped_seconds: Seconds of audio that were dropped since then.
        closing: The requested end, until the session has ended.
        is_closing: Whether an end was requested, or the session has ended.
        actions: What to do with streams, in order.
        injections: What to write before any audio or control, in order.
        records: What has happened, in order.
    """

    def __init__(self) -> None:
        self.phase = Phase.NEW
        self.failure: SageMakerDeepgramError | None = None
        self.down_since: float | None = None
        self.dropped_seconds = 0.0
        self.closing: Closing | None = None
        self.is_closing = False
        self.actions: list[Action] = []
        self.injections: deque[Write] = deque()
        self.records: deque[Record] = deque()

    def note_down(self, since: float) -> None:
        """Note that there is no stream; nothing changes if that is already known.

        Args:
            since: When the outage began.
        """
        if self.down_since is None:
            self.down_since = since
            self.dropped_seconds = 0.0
