# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is settled in a session, so that nothing it will do depends on it any more.

Two states that differ in such things alone are one: a session that has got over a fault is the
same as one that never had any. Each view says why no decision in the world of ``world`` reads what
it leaves out, and ``test_reduction`` compares what follows from states that it merges.
"""

from collections.abc import Iterator
from math import inf
from typing import Any

from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.ledger import AudioLedger
from pipecat_sagemaker_deepgram.client.session.outage import STABLE_AFTER
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.silence import SilenceWatch
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline

from .views import BASE, Moment, Read, View, Views, marks, unread


def _unless_closing(view: View) -> View:
    """A session that closes changes streams no more."""
    return lambda owner, value, at, read: (
        None if at.closing is not None else view(owner, value, at, read)
    )


def _where_fed(view: View) -> View:
    """It is read when audio is written, which a stream that was asked for the rest is not sent."""
    return lambda owner, value, at, read: (
        view(owner, value, at, read)
        if owner is at.active and owner.phase is StreamPhase.READY
        else None
    )


def _where_active(view: View) -> View:
    """It is set when a stream gets the audio, and read while it does."""
    return lambda owner, value, at, read: (
        view(owner, value, at, read) if owner is at.active else None
    )


def _where_failing(view: View) -> View:
    """It is read at a failure; that a stream takes nothing is none, but counts as silence."""
    return lambda owner, value, at, read: view(owner, value, at, read) if at.may_fail else None


def _unless_replaced(view: View) -> View:
    """Of a stream whose successor cannot fail it is read no more: that one will take over."""
    return lambda owner, value, at, read: (
        None
        if owner is at.active and at.has_plan and not at.may_fail
        else view(owner, value, at, read)
    )


def _with_targets(view: View) -> View:
    """Where there is one target, it is chosen whatever it did."""
    return lambda owner, value, at, read: view(owner, value, at, read) if at.has_targets else None


def _plainly(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    return value


# Audio: pieces count from the last that was heard, positions from what is answered for good


def _pieces(owner: AudioLedger, value: bytearray, at: Moment, read: Read) -> Any:
    return at.pieces(value)


def _data(owner: Write, value: bytes, at: Moment, read: Read) -> Any:
    return value if owner.is_text else at.pieces(value)


def _kept(owner: Any, value: int, at: Moment, read: Read) -> int:
    """Positions in the session are only compared with each other."""
    return value - at.kept_from


def _kept_marks(owner: AudioLedger, value: Any, at: Moment, read: Read) -> Any:
    """A session that closes only replays them, but for what is answered; or has no need to."""
    if at.closing is None:
        return marks(value, at.kept_from)
    answered = vars(owner)["_acknowledged"] if at.may_replay else inf
    kept = [each for each in value if not each.is_sent or each.position > answered]
    return marks(kept, at.kept_from)


def _unanswered(owner: StreamState, value: float, at: Moment, read: Read) -> int:
    """Positions on a stream too; whether they are 0 follows from what its peer has said."""
    return int(value - vars(owner)["_answered_bytes"])


def _timeline(owner: StreamState, value: StreamTimeline, at: Moment, read: Read) -> Any:
    """No message speaks of what is before the last answer; what is sent next begins as it says."""
    first = int(vars(owner)["_answered_bytes"])
    if first == owner.sent_bytes:
        return ()
    counted: list[tuple[int, int, bool]] = []
    for start, end, session_start, is_silence in _runs(value):
        if end > first:
            skipped = 0 if is_silence else max(first - start, 0)
            begin = session_start + skipped - at.kept_from
            counted.append((max(start - first, 0), begin, is_silence))
    return tuple(counted)


def _in_silence(owner: StreamState, value: bool, at: Moment, read: Read) -> Any:
    """Where silence that was answered for good ends makes no difference."""
    return value if vars(owner)["_answered_bytes"] < owner.sent_bytes else None


def _runs(timeline: StreamTimeline) -> Iterator[tuple[int, float, int, bool]]:
    held = vars(timeline)
    starts = held["_stream_starts"]
    ends = [*starts[1:], inf]
    return zip(starts, ends, held["_session_starts"], held["_is_silence"], strict=True)


# Failures and successors


def _failures(owner: RetryBudget, value: int, at: Moment, read: Read) -> int:
    """From the second on all delays are the longest."""
    return min(value, 1)


def _failures_of_change(owner: Handover, value: list[Any], at: Moment, read: Read) -> Any:
    """A new plan forgets them; within one the delay grows once, and this world's have no kinds."""
    return None if vars(owner)["_plan"] is None else min(len(value), 1)


def _plan(owner: Handover, value: Any, at: Moment, read: Read) -> Any:
    """All that is not asked for by somebody is treated alike."""
    return None if value is None else (value.reason == "settings", max(value.by - at.now, 0.0))


def _again(owner: Handover, value: float | None, at: Moment, read: Read) -> Any:
    """A peer's wish long past is as none; it is read where another may come."""
    if not at.can_fail or at.closing is not None:
        return None
    before = BASE[Handover, "_drained_at"](owner, value, at, read)
    return before or None


def _ready_at(owner: StreamState, value: float, at: Moment, read: Read) -> Any:
    """Its age forgives failures, and rules its target out: if there are any, or another target.

    A session may close too soon for its age to count.
    """
    if at.closing is not None and at.closing.by - value < STABLE_AFTER and not at.has_targets:
        return None
    if at.has_targets or at.has_failed:
        return BASE[StreamState, "ready_at"](owner, value, at, read)
    return None


def _opened_at(owner: StreamState, value: float, at: Moment, read: Read) -> Any:
    """It limits the container's start, and when a stream goes whose peer wants it to."""
    if owner.phase is StreamPhase.OPENING:
        return None
    is_up = owner.phase is not StreamPhase.STARTING
    may_rotate = owner.rotate_at is not None or owner.number in at.may_drain
    if is_up and (at.closing is not None or not may_rotate):
        return None
    return BASE[StreamState, "opened_at"](owner, value, at, read)


# Silence: what decides when a stream has stalled is dead where none can


def _was_probed(owner: StreamState, value: int, at: Moment, read: Read) -> Any:
    """Of the same audio a stream is asked for a sign of life once, if at all and it owes none."""
    is_asked = owner.stall_probe is not None and not at.answers_silence
    return owner.was_probed if is_asked and at.may_stall else None


def _silent_streams(owner: Inbox, value: int, at: Moment, read: Read) -> Any:
    """From the third on the limit is the longest."""
    return min(value, 3) if at.may_stall else None


def _where_asked(owner: Any, value: Any, at: Moment, read: Read) -> Any:
    """A container that answers everything always owes what is waited for, whoever speaks."""
    is_asked = vars(owner)["_protocol"].answers_every is None
    return value if is_asked and at.may_stall else None


def _speaking(owner: SilenceWatch, value: Any, at: Moment, read: Read) -> Any:
    """One that was seen to answer silence, too: all that is waited for is at least a piece."""
    return None if at.answers_silence else _where_asked(owner, value, at, read)


def _waiting_since(owner: StreamState, value: float | None, at: Moment, read: Read) -> Any:
    """A stream that was asked for the rest has another limit."""
    if value is None or owner.phase is StreamPhase.FINISHING:
        return None
    return value - at.now


_SETTLED: Views = {
    # Only reported, or for refusals that this world does not have.
    (Recovery, "_have_worked"): unread,
    (SessionState, "failure"): unread,
    (SessionStreams, "_last_target"): unread,
    (SessionStreams, "_has_unfinished"): unread,
    (SessionStreams, "_has_connected"): unread,
    (StreamState, "rotates_for"): unread,
    (AudioLedger, "dropped_bytes"): unread,
    # Set when a stream gets the audio, always to the same; no chunk has a least size here.
    (AudioFeed, "_most"): unread,
    (AudioFeed, "_least"): unread,
    (AudioFeed, "_flush_at"): unread,
    (AudioLedger, "_start"): unread,
    (AudioLedger, "_sent"): _kept,
    (AudioLedger, "_acknowledged"): _kept,
    (AudioLedger, "_audio"): _pieces,
    (AudioLedger, "_marks"): _kept_marks,
    (Write, "data"): _data,
    (StreamState, "sent_bytes"): _unanswered,
    (StreamState, "_heard_bytes"): _unanswered,
    (StreamState, "_answered_bytes"): unread,
    (StreamState, "_probed_bytes"): _was_probed,
    (StreamState, "_position"): _where_fed(_kept),
    (StreamState, "_is_in_silence"): _where_fed(_in_silence),
    (StreamState, "timeline"): _where_active(_timeline),
    (StreamState, "received_at"): _where_active(BASE[StreamState, "received_at"]),
    (RetryBudget, "_failures"): _where_failing(_failures),
    (TargetList, "_left_until"): _with_targets(BASE[TargetList, "_left_until"]),
    (TargetList, "_has_chosen"): _with_targets(_plainly),
    (StreamState, "has_advanced"): _with_targets(_plainly),
    (StreamState, "ready_at"): _where_failing(_ready_at),
    (StreamState, "opened_at"): _unless_replaced(_opened_at),
    (StreamState, "waiting_since"): _waiting_since,
    (StreamState, "rotate_at"): _unless_replaced(_unless_closing(BASE[StreamState, "rotate_at"])),
    (StreamState, "_reports_pause"): _unless_closing(_plainly),
    (Handover, "_change_when_up"): _unless_closing(_plainly),
    (Handover, "_failures"): _where_failing(_failures_of_change),
    (Handover, "_plan"): _plan,
    (Handover, "_drained_at"): _again,
    (Inbox, "silent_streams"): _silent_streams,
    (Inbox, "answers_silence"): _where_asked,
    (SilenceWatch, "is_speaking"): _speaking,
}

REDUCED: Views = BASE | _SETTLED
"""What attributes count as, once what is settled is left out."""
