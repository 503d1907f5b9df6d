# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The parts of a connection that decide and queue."""

import asyncio

from pipecat_sagemaker_deepgram.container.connection import IdleRule, WaitingMessages
from pipecat_sagemaker_deepgram.container.dialogue import Audio, CloseStream, KeepAlive
from pipecat_sagemaker_deepgram.container.v1.messages import Finalize
from pipecat_sagemaker_deepgram.container.v2.messages import ForceEndTurn


def test_until_audio_comes_the_deadline_stands():
    rule = IdleRule(10.0, now=100.0)
    rule.received(KeepAlive(), now=105.0)
    assert rule.deadline == 110.0


def test_after_audio_every_message_extends_the_deadline():
    rule = IdleRule(10.0, now=100.0)
    rule.received(Audio(b"x"), now=101.0)
    assert rule.deadline == 111.0
    rule.received(KeepAlive(), now=105.0)
    assert rule.deadline == 115.0


def test_where_only_audio_counts_nothing_else_extends_the_deadline():
    rule = IdleRule(10.0, now=100.0, audio_only=True)
    rule.received(Audio(b"x"), now=101.0)
    rule.received(ForceEndTurn(), now=105.0)
    assert rule.deadline == 111.0
    rule.received(Audio(b"x"), now=110.0)
    assert rule.deadline == 120.0


def test_after_close_stream_there_is_no_deadline():
    rule = IdleRule(10.0, now=100.0)
    rule.received(CloseStream(), now=101.0)
    rule.received(Audio(b"x"), now=102.0)
    assert rule.deadline is None


async def test_piled_up_audio_is_taken_at_once_but_not_across_a_control():
    inbox = WaitingMessages()
    for message in (Audio(b"ab"), Audio(b"cd"), Finalize(), Audio(b"ef")):
        inbox.put(message)
    taken = [await inbox.get(100) for _ in range(3)]
    assert taken == [Audio(b"abcd"), Finalize(), Audio(b"ef")]


async def test_a_batch_is_bounded_and_loses_no_byte():
    inbox = WaitingMessages()
    inbox.put(Audio(b"abcdefg"))
    inbox.put(Audio(b"hi"))
    assert [await inbox.get(3) for _ in range(3)] == [Audio(b"abc"), Audio(b"def"), Audio(b"ghi")]


async def test_an_abandoned_inbox_drops_what_waits():
    inbox = WaitingMessages()
    inbox.put(Audio(b"ab"))
    inbox.abandon()
    assert await inbox.get(100) is None


async def test_abandoning_wakes_who_waits():
    inbox = WaitingMessages()
    waiting = asyncio.create_task(inbox.get(100))
    await asyncio.sleep(0)
    inbox.abandon()
    async with asyncio.timeout(10):
        assert await waiting is None
