# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from pipecat_sagemaker_deepgram.client import Closed, Connected, Lost, Target
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Alternative, Results, Word
from pipecat_sagemaker_deepgram.deepgram.v1.steps import FinalHeard, InterimHeard
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript as NovaText
from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo, TurnWord
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import HeardTurn, TurnEnded
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity, StreamLostError
from pipecat_sagemaker_deepgram.recorded.listening import Listening, RecordingResult

BEGAN = 100.0


def listening(heard: list[RecordingResult] | None = None) -> Listening:
    return Listening(
        channel=None, began=BEGAN, on_heard=(heard if heard is not None else []).append
    )


def nova(text: str, start: float, end: float) -> NovaText:
    words = (Word(word=text, start=start, end=end, punctuated_word=f"{text}.", speaker=1),)
    written = [{"word": text, "start": start, "end": end, "confidence": 0.5}]
    return NovaText(
        Results(
            start=start, duration=end - start, is_final=True, alternative=Alternative(text, words)
        ),
        {"channel": {"alternatives": [{"words": written}]}},
    )


def test_a_final_becomes_a_segment_that_says_how_late_it_came():
    it = listening()
    it.note_sent(1.0, BEGAN + 0.1)
    it.note_sent(2.0, BEGAN + 0.2)
    it.take(FinalHeard(nova("hello", 0.5, 1.5), is_finalized=False), BEGAN + 0.7)
    (segment,) = it.segments
    assert (segment.text, segment.start, segment.end) == ("hello", 0.5, 1.5)
    assert (segment.arrived, segment.latency) == (0.7, 0.5)
    (word,) = segment.words
    assert (word.text, word.confidence, word.speaker) == ("hello.", 0.5, 1)


def test_what_is_heard_is_reported_at_once():
    heard: list[RecordingResult] = []
    it = listening(heard)
    it.take(InterimHeard(nova("hel", 0.5, 1.0)), BEGAN + 1)
    it.take(FinalHeard(nova("hello", 0.5, 1.5), is_finalized=False), BEGAN + 2)
    assert [each.text for each in heard] == ["hel", "hello"]
    assert it.interims == heard[:1]
    assert it.segments == heard[1:]


def turn(*words: TurnWord) -> TurnEnded:
    info = TurnInfo(
        "EndOfTurn", 0, 4.0, 2.0, " ".join(word.word for word in words), words, trigger="model"
    )
    heard = HeardTurn(info, 1, 0.0, {"end_of_turn_confidence": 0.9})
    return TurnEnded(info.transcript, heard, is_committed=True, is_ours=False)


def test_a_turn_becomes_a_segment_and_a_turn():
    heard: list[RecordingResult] = []
    it = listening(heard)
    it.take(turn(TurnWord("hi", 0.8, 2.5, 2.75), TurnWord("you", 0.7, 2.75, 3.0)), BEGAN)
    (segment,), (ended,) = it.segments, it.turns
    assert (segment.start, segment.end, segment.words[0].confidence) == (2.5, 3.0, 0.8)
    assert (ended.number, ended.start, ended.end) == (1, 2.5, 4.0)
    assert (ended.trigger, ended.confidence) == ("model", 0.9)
    assert heard == [ended, segment]


def test_words_without_times_are_spread_over_their_turn():
    it = listening()
    it.take(turn(TurnWord("hi"), TurnWord("you")), BEGAN)
    assert [(word.start, word.end) for word in it.segments[0].words] == [(2.0, 3.0), (3.0, 4.0)]


def test_streams_say_when_they_came_and_went():
    it = listening()
    it.note_sent(3.0, BEGAN)
    identity = StreamIdentity(request_id="r")
    it.observe(Connected(1, identity, 0.25, 0.0, is_first=True), BEGAN + 1)
    it.observe(Lost(1, StreamLostError("It broke")), BEGAN + 2)
    it.observe(Connected(2, identity, 0.5, 1.5, is_first=False), BEGAN + 3)
    it.observe(Closed(lost_seconds=0.5), BEGAN + 4)
    first, second = it.streams
    assert (first.opened, first.connect_seconds, first.sent_from) == (1.0, 0.25, 3.0)
    assert (first.lost, first.cause, first.request_id) == (2.0, "It broke.", "r")
    assert (second.replayed_seconds, second.lost) == (1.5, None)
    assert it.lost_seconds == 0.5
    assert Target(endpoint_name="e").region is None
