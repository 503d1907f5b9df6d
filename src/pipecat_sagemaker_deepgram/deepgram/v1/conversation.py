# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A conversation with Deepgram Nova over a session of the client. Pure: time is an argument.

It combines the parts that decide about words: which of them are new (``Transcripts``), which were
said during a mute (``Mutes``), whether an answer to ``Finalize`` is still due (``Finalizing``),
when to send ``Finalize`` without a VAD (``PauseWatch``), and whether changed settings work
(``SettingsTrial``). Its owner, such as a pipeline or a terminal, only carries out the steps that
it returns.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    ControlSent,
    FailedOver,
    GivenUp,
    Lost,
    Message,
    Record,
    SessionEvent,
)
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage
from pipecat_sagemaker_deepgram.deepgram.mutes import Mutes
from pipecat_sagemaker_deepgram.deepgram.settings_trial import SettingsTrial
from pipecat_sagemaker_deepgram.deepgram.steps import (
    ChangeStream,
    LogLine,
    NoteSpeech,
    SendText,
    own_words,
)
from pipecat_sagemaker_deepgram.deepgram.v1.finalize import FinalizeTimeout, Finalizing
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Metadata, NovaError, Parsed, Results
from pipecat_sagemaker_deepgram.deepgram.v1.muting import without_muted
from pipecat_sagemaker_deepgram.deepgram.v1.pauses import PauseWatch
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import INCOMPLETE, nova_protocol, settled_to
from pipecat_sagemaker_deepgram.deepgram.v1.steps import (
    FinalHeard,
    FinalizeAnswered,
    InterimHeard,
    MessageReceived,
    NovaStep,
)
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript, Transcripts

FINALIZE_KIND = "Finalize"
"""Kind of the control: the session sends it again and reports it by this name."""


class NovaConversation:
    """Decides what follows from the records of a session with Deepgram Nova.

    Args:
        query: Returns the query string of the next stream.
        bytes_per_second: Returns the bytes of one second of the audio, as linear16.
        frame_size: Bytes of one sample frame, as linear16.
        has_interims: Returns whether the next stream's query asks for interims.
        encode: Converts linear16 to what is sent; by default it is sent unchanged.
        channels: Number of channels that are transcribed separately.
        finalize_timeout: Seconds after which the last interim is used instead of an answer to
            ``Finalize``; ``"learned"`` waits several times as long as answers usually take,
            ``None`` waits forever.

    Attributes:
        protocol: What the container's messages mean for the session.
        corrections: Number of words in late finals that differ from the interim that was used
            instead; what was pushed is not changed.
    """

    def __init__(
        self,
        *,
        query: Callable[[], str],
        bytes_per_second: Callable[[], int],
        frame_size: int = 2,
        has_interims: Callable[[], bool] = lambda: True,
        encode: Callable[[bytes], bytes] | None = None,
        channels: int = 1,
        finalize_timeout: FinalizeTimeout = "learned",
    ) -> None:
        self.protocol = nova_protocol(
            query=query,
            bytes_per_second=bytes_per_second,
            frame_size=frame_size,
            has_interims=has_interims,
            encode=encode,
        )
        self._transcripts = Transcripts()
        self._finalizing = Finalizing(channels=channels, timeout=finalize_timeout)
        self._trial = SettingsTrial()
        self._pauses = PauseWatch()
        self._mutes = Mutes()
        self.corrections = 0

    # What the session reports

    def observe(self, record: Record, now: float) -> list[NovaStep]:
        """Process the next record.

        Args:
            record: What has happened.
            now: The time in seconds, always of the same clock.

        Returns:
            The steps that follow, in order.
        """
        if isinstance(record, Message):
            steps = self._observe_message(record.value, now, stream=record.stream)
            return [*steps, *self._finalize_in_pause(now)]
        return self._observe_event(record, now)

    def _observe_event(self, event: SessionEvent, now: float) -> list[NovaStep]:
        refused = self._trial.observe(event)
        match event:
            case ControlSent(kind=kind) if kind == FINALIZE_KIND:
                self._finalizing.sent(now)
            case Lost():
                self._finalizing.lost()
            case FailedOver():
                self._finalizing.start_over()
            case GivenUp() | Closed():
                self._pauses.given_up()
                self._finalizing.forget()
                return _promoted(self._transcripts.promote())
            case _:
                pass
        return [] if refused is None else [refused]

    def _observe_message(self, parsed: Parsed, now: float, *, stream: int) -> list[NovaStep]:
        message, body = parsed
        match message:
            case Results():
                steps = self._observe_results(message, body, now, stream=stream)
                return [*self._corrected(), *steps]
            case MalformedMessage(reason=reason):
                return [LogLine("WARNING", f"received {reason}, which is ignored")]
            case NovaError(variant=variant, description=description):
                reported = LogLine("WARNING", f"Deepgram reports {variant}")
                return [reported, *own_words(description)]
            case Metadata(sha256=sha256) if sha256 != INCOMPLETE:
                self._transcripts.answered()
            case _:
                pass
        return [MessageReceived(message, body)]

    def _observe_results(
        self, results: Results, body: dict[str, Any], now: float, *, stream: int
    ) -> list[NovaStep]:
        self._pauses.heard(results)
        is_finalized = self._answers_finalize(results, now)
        results, body = without_muted(results, body, self._mutes)
        transcript = self._transcripts.take(results, body, stream=stream)
        if transcript is None:
            return [FinalizeAnswered()] if is_finalized else []
        if results.is_final:
            return [FinalHeard(transcript, is_finalized)]
        return [InterimHeard(transcript)]

    def _corrected(self) -> list[NovaStep]:
        corrected = self._transcripts.corrections - self.corrections
        self.corrections += corrected
        if not corrected:
            return []
        return [LogLine("INFO", f"a late final corrects {corrected} words that were pushed")]

    def _answers_finalize(self, results: Results, now: float) -> bool:
        """Whether all awaited text has arrived; a final may be complete without being an answer."""
        channel, channels = results.channel, results.channels
        self._finalizing.listened(channel, now, to=results.end)
        has_all = self._finalizing.heard(channel, channels, to=settled_to(results))
        is_answer = results.from_finalize and self._finalizing.answered(
            channel, channels, now, to=results.end
        )
        return has_all or is_answer

    # Time

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        timers = (self._finalizing.deadline, self._pauses.get_timer())
        return min((at for at in timers if at is not None), default=None)

    def handle_timer(self, now: float) -> list[NovaStep]:
        """Use interims instead of overdue answers to ``Finalize``, and send ``Finalize`` if due.

        Args:
            now: The time.

        Returns:
            The steps that follow, in order.
        """
        return [*self._promote_unanswered(now), *self._finalize_in_pause(now)]

    def _promote_unanswered(self, now: float) -> list[NovaStep]:
        if self._finalizing.deadline is None or now < self._finalizing.deadline:
            return []
        return _promoted(self._transcripts.promote(self._finalizing.expire()))

    def _finalize_in_pause(self, now: float) -> list[NovaStep]:
        """Without a VAD, ask in a pause for the text that the container is holding back."""
        if self._finalizing.is_waiting or not self._pauses.take_due(now):
            return []
        has_all = self._finalizing.request(self._pauses.given)
        return [] if has_all else [SendText(FINALIZE, kind=FINALIZE_KIND)]

    # What the user does

    def audio_given(self, position: float, now: float) -> None:
        """Note that audio was given to the client.

        Args:
            position: Session seconds of the audio given so far.
            now: The time.
        """
        self._pauses.audio_given(position, now)

    def muted(self, who: str, position: float) -> None:
        """Mute the user: words said from now on are not reported, whenever they arrive.

        Args:
            who: Who mutes the user; several parties may.
            position: Session seconds of the audio given so far.
        """
        self._mutes.begin(who, position)

    def unmuted(self, who: str, position: float) -> list[NovaStep]:
        """End one party's mute of the user.

        Args:
            who: Who muted the user.
            position: Session seconds of the audio given so far.

        Returns:
            The steps that follow, in order.
        """
        self._mutes.end(who, position)
        return []

    def user_started(self) -> list[NovaStep]:
        """Note that the user has begun to speak.

        Returns:
            The steps that follow, in order.
        """
        self._pauses.vad_spoke()
        self._finalizing.forget()
        return [NoteSpeech(True)]

    def user_stopped(self, position: float) -> list[NovaStep]:
        """Ask for the transcript, because the user has stopped speaking.

        Args:
            position: Session seconds of the audio given so far.

        Returns:
            The steps that follow, in order.
        """
        self._pauses.vad_spoke()
        has_all = self._finalizing.request(position)
        asked: list[NovaStep] = [NoteSpeech(False), SendText(FINALIZE, kind=FINALIZE_KIND)]
        return [*asked, FinalizeAnswered()] if has_all else asked

    def change_settings(self, previous: Mapping[str, Any], now: float) -> list[NovaStep]:
        """Apply changed settings by a new stream, whose query contains them.

        Args:
            previous: The previous values, by the names of the settings.
            now: The time.

        Returns:
            The steps that follow, in order.
        """
        self._trial.begin(previous)
        return [ChangeStream("settings")]


def _promoted(transcripts: Sequence[FreshTranscript]) -> list[NovaStep]:
    """The steps for interims that are used instead of finals, after which nothing follows."""
    steps: list[NovaStep] = []
    for transcript in transcripts:
        steps.append(LogLine("DEBUG", "no final arrived, so the last interim is used instead"))
        steps.append(FinalHeard(transcript, is_finalized=transcript is transcripts[-1]))
    return steps
