# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Stream numbers."""

from pipecat_sagemaker_deepgram.emulator.records import StreamNumbers, StreamRecord


def test_numbers_begin_at_one_and_the_smallest_free_one_is_next():
    numbers = StreamNumbers()
    assert [numbers.reserve() for _ in range(4)] == [1, 2, 3, 4]
    numbers.give_back(3)
    numbers.give_back(2)
    assert [numbers.reserve() for _ in range(3)] == [2, 3, 5]


def test_a_new_record_is_of_an_open_stream():
    assert StreamRecord(1, 1).ended is None
