# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.recorded.transcript import RecordingStream
from pipecat_sagemaker_deepgram.report.breaks import breaks_of, by_channel, spans_of

from .run_with_breaks import broken_run


def test_each_lost_stream_is_a_break_with_what_became_of_it():
    first, second, third = breaks_of(broken_run())
    assert (first.stream, first.successor, first.replayed) == (1, 2, 1.2)
    assert first.outage == pytest.approx(0.1)
    assert (second.stream, second.successor, second.replayed) == (2, 4, 2.0)
    assert second.outage == pytest.approx(3.0)
    assert (third.stream, third.successor, third.replayed) == (4, 5, 0.0)


def test_the_cause_is_without_where_it_happened():
    assert [each.cause for each in breaks_of(broken_run())] == ["It was reset", "Gone", ""]


def test_a_stream_that_nothing_follows_has_no_successor():
    run = broken_run(streams=[RecordingStream(number=1, opened=0.1, lost=2.0)])
    (only,) = breaks_of(run)
    assert (only.successor, only.outage, only.position) == (None, None, 12.0)


def test_channels_break_apart():
    streams = [
        RecordingStream(number=1, channel=0, opened=0.1, lost=2.0),
        RecordingStream(number=1, channel=1, opened=0.2),
        RecordingStream(number=2, channel=0, opened=3.0),
    ]
    run = broken_run(streams=streams)
    assert by_channel(run) == [[streams[0], streams[2]], [streams[1]]]
    (only,) = breaks_of(run)
    assert (only.channel, only.successor) == (0, 2)


def test_a_span_begins_where_its_stream_was_sent_again():
    spans = spans_of(broken_run().streams, 12.0)
    assert [(each.begin, each.fresh, each.end) for each in spans] == [
        (0.0, 0.0, 2.1),
        (pytest.approx(0.9), 2.1, 7.0),
        (5.0, 7.0, 9.4),
        (9.4, 9.4, 12.0),
    ]
