# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream of v1/listen: one conversation for the client, over all streams of its session. Pure.

Each final comes once. What is heard again after a loss is left out, whether words, the beginning
of speech or the end of an utterance; times, the request id and the closing ``Metadata`` are
those of one stream.
"""

from collections.abc import Sequence
from typing import Any

from pipecat_sagemaker_deepgram.client.records import Closed, GivenUp, Message, Record
from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage, UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Metadata,
    NovaError,
    Parsed,
    Results,
    SpeechStarted,
    UtteranceEnd,
)
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import Transcript, Transcripts
from pipecat_sagemaker_deepgram.gateway.query import Parameters, one, write_query
from pipecat_sagemaker_deepgram.gateway.streaming.audio import ClientAudio
from pipecat_sagemaker_deepgram.gateway.streaming.channel_track import ChannelTrack
from pipecat_sagemaker_deepgram.gateway.streaming.client_messages import (
    Unreadable,
    control_in_binary,
    read_control,
)
from pipecat_sagemaker_deepgram.gateway.streaming.relay import (
    Answer,
    EndStream,
    SendControl,
    Step,
    Summary,
    answer,
)

CONTROLS = ("KeepAlive", "Finalize", "CloseStream")
"""What a client may say; SageMaker's bundles know no ``Configure`` on v1/listen."""


class NovaListenRelay:
    """What one client is sent of its session.

    Args:
        parameters: The client's query.
        audio: The client's audio.
        request_id: The id that the client knows its stream by.
        created: When the stream began, as ISO 8601.

    Attributes:
        protocol: What the endpoint's messages mean for the session.
        heard_to: How far the endpoint has listened, in session seconds.
        close_code: 1000, a normal closure.
    """

    close_code: int | None = 1000

    def __init__(
        self, parameters: Parameters, audio: ClientAudio, *, request_id: str, created: str
    ) -> None:
        query = write_query({**parameters, **audio.parameters})
        self._request_id = request_id
        self._created = created
        self._parameters = parameters
        self._channels = _channels(parameters)
        self._transcripts = Transcripts()
        self._tracks: dict[int, ChannelTrack] = {}
        self._metadata: dict[str, Any] = {}
        self.heard_to = 0.0
        self.protocol = nova_protocol(
            query=lambda: query,
            bytes_per_second=lambda: audio.bytes_per_second,
            frame_size=audio.frame_size,
            has_interims=lambda: one(parameters, "interim_results") == "true",
            encode=audio.encode,
        )

    # The client

    def take_text(self, text: str) -> Sequence[Step]:
        """Take a text message of the client in."""
        control = read_control(text, CONTROLS)
        if isinstance(control, Unreadable):
            return [_schema_error(control)]
        match control.type:
            case "Finalize":
                return self._finalize(control.text, control.fields.get("channel"))
            case "CloseStream":
                return [EndStream()]
            case _:
                return []

    def control_in(self, data: bytes) -> str | None:
        """The control message that a binary frame holds, if it holds one."""
        return control_in_binary(data, CONTROLS)

    def _finalize(self, text: str, channel: Any) -> Sequence[Step]:
        if channel is None:
            chosen = range(self._channels)
        elif isinstance(channel, int) and 0 <= channel < self._channels:
            chosen = range(channel, channel + 1)
        else:
            return [_schema_error(Unreadable(text, f"there is no channel {channel}"))]
        for index in chosen:
            self._track(index).finalizes += 1
        return [SendControl(text, "Finalize" if channel is None else f"Finalize {channel}")]

    # The session

    def observe(self, record: Record, now: float) -> Sequence[Step]:
        """Take the session's next record in."""
        match record:
            case Message():
                return self._observe_message(record.value, record.stream)
            case GivenUp() | Closed():
                return [self._final(each) for each in self._transcripts.promote()]
            case _:
                return []

    def _observe_message(self, parsed: Parsed, stream: int) -> Sequence[Step]:
        message, body = parsed
        match message:
            case Results():
                return self._observe_results(message, body, stream)
            case Metadata():
                self._metadata = body
                self._transcripts.answered()
                return []
            case SpeechStarted(timestamp=timestamp):
                track = self._track(_channel_of(body))
                return [answer(body)] if track.begins_speech(timestamp, stream) else []
            case UtteranceEnd(last_word_end=end):
                track = self._track(_channel_of(body))
                return [answer(body)] if track.ends_utterance(end) else []
            case NovaError(variant="SchemaError") | UnknownMessage():
                return [answer(body)]
            case NovaError() | MalformedMessage():
                return []

    def _observe_results(
        self, results: Results, body: dict[str, Any], stream: int
    ) -> Sequence[Step]:
        track = self._track(results.channel)
        transcript = self._transcripts.take(results, body, stream=stream)
        if track.has_heard_more(results, stream):
            return []  # A replay that has not come as far as what the client has seen.
        track.take(results, stream)
        self.heard_to = min(each.heard_to for each in self._tracks.values())
        self._rewrite(body, results, transcript)
        if results.from_finalize and not track.take_finalize():
            body["from_finalize"] = False
        if results.is_final:
            track.settle(body)
        return [answer(body)]

    def _rewrite(
        self, body: dict[str, Any], results: Results, transcript: Transcript | None
    ) -> None:
        """Leave out of a message the words that were delivered before; name the client's stream."""
        metadata = body.get("metadata")
        if isinstance(metadata, dict):
            metadata["request_id"] = self._request_id
        if transcript is not None and "trimmed" not in transcript.body:
            return
        _keep_words(body, None if transcript is None else transcript.results)

    def _final(self, transcript: Transcript) -> Step:
        """An interim that no final will follow, as one."""
        body = {name: value for name, value in transcript.body.items() if name != "promoted"}
        body |= {"is_final": True, "speech_final": True}
        _keep_words(body, transcript.results)
        self._track(transcript.results.channel).settle(body)
        return answer(body)

    # Time, and the end

    def get_timer(self) -> None:
        """Nothing is ever due."""
        return

    def handle_timer(self, now: float) -> Sequence[Step]:
        """Nothing is ever due."""
        return []

    def finish(self, summary: Summary) -> Sequence[Step]:
        """Say what closes a stream (Deepgram docs, "Close Stream")."""
        return [
            answer(
                {
                    "type": "Metadata",
                    "transaction_key": "deprecated",
                    **self._metadata,
                    "request_id": self._request_id,
                    "sha256": summary.sha256,
                    "created": self._created,
                    "duration": round(summary.seconds, 6),
                    "channels": self._channels if summary.seconds else 0,
                }
            )
        ]

    def fail(self) -> Sequence[Step]:
        """Say nothing: the close code says it."""
        return []

    def _track(self, channel: int) -> ChannelTrack:
        return self._tracks.setdefault(channel, ChannelTrack())


def _channels(parameters: Parameters) -> int:
    if one(parameters, "multichannel") != "true":
        return 1
    return int(one(parameters, "channels", "1"))


def _keep_words(body: dict[str, Any], kept: Results | None) -> None:
    """Leave only the last words in a message, those that are kept; none without any."""
    best = body["channel"]["alternatives"]
    if not best:
        return
    words = best[0].get("words") or []
    count = len(kept.alternative.words) if kept is not None else 0
    best[0]["transcript"] = kept.alternative.transcript if kept is not None else ""
    best[0]["words"] = words[len(words) - count :] if 0 < count <= len(words) else []


def _channel_of(body: dict[str, Any]) -> int:
    channel = body.get("channel")
    return channel[0] if isinstance(channel, list) and channel else 0


def _schema_error(message: Unreadable) -> Answer:
    return answer(
        {
            "type": "Error",
            "variant": "SchemaError",
            "description": f"Could not deserialize last text message: {message.problem}",
            "message": message.text,
        }
    )
