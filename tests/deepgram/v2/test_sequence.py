# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Numbers of messages."""

from pipecat_sagemaker_deepgram.deepgram.v2.sequence import SequenceCheck


def test_missing_messages_are_counted_stream_by_stream() -> None:
    sequence = SequenceCheck()
    for stream, number in ((1, 0), (1, 1), (1, 4), (1, None), (1, 5), (2, 7), (2, 8), (2, 10)):
        sequence.note(stream, number)
    assert sequence.gaps == 3
