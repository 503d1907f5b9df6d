# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How far streams have come on a channel, and what of it is new."""

from pipecat_sagemaker_deepgram.deepgram.v1.channel_track import ChannelTrack, StreamProgress
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Alternative, Results


def results(end: float, *, is_final: bool = False) -> Results:
    return Results(start=0.0, duration=end, is_final=is_final, alternative=Alternative(""))


def test_a_stream_is_compared_with_those_before_it_only() -> None:
    progress = StreamProgress()
    assert progress.of_others(1) == -1.0
    progress.reach(2.0, 1)
    assert progress.of_others(1) == -1.0
    assert progress.of_others(2) == 2.0
    progress.reach(1.0, 2)
    progress.reach(3.0, 2)
    assert progress.of_others(2) == 2.0
    assert (progress.of_others(1), progress.of_others(3)) == (3.0, 3.0)


def test_interims_are_news_once_they_have_come_as_far_and_finals_always() -> None:
    track = ChannelTrack()
    assert track.hear(results(3.0), 1)
    assert track.hear(results(2.0), 1)
    assert not track.hear(results(1.0), 2)
    assert track.hear(results(1.0, is_final=True), 2)
    assert not track.hear(results(2.0), 2)
    assert track.hear(results(3.0), 2)
    assert track.heard_to == 3.0


def test_speech_that_another_stream_has_listened_beyond_does_not_begin_again() -> None:
    track = ChannelTrack()
    assert track.begins_speech(0.5, 1)
    assert not track.begins_speech(0.5, 2)
    track.hear(results(2.0), 2)
    assert not track.begins_speech(1.5, 3)
    assert track.begins_speech(2.5, 3)


def test_an_utterance_without_a_last_word_always_ends() -> None:
    track = ChannelTrack()
    assert track.ends_utterance(2.0, 1)
    assert not track.ends_utterance(2.0, 2)
    assert track.ends_utterance(-1.0, 2)
    assert track.ends_utterance(3.0, 2)


def test_finals_do_not_overlap() -> None:
    track = ChannelTrack()
    bodies = [{"start": 0.0, "duration": 2.0}, {"start": 1.0, "duration": 2.0}]
    bodies.append({"start": 0.5, "duration": 1.0})
    for body in bodies:
        track.settle(body)
    assert bodies == [
        {"start": 0.0, "duration": 2.0},
        {"start": 2.0, "duration": 1.0},
        {"start": 1.5, "duration": 0.0},
    ]
