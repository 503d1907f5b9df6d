# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Ten thousand random schedules: nothing lost, nothing twice, in order, time never backwards.

Every second schedule is one of an unruly endpoint too: outages, containers that fall silent or
behind, streams that end early. Every fifth closes with little time; what is lost then is reported.
"""

from math import inf
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.records import AudioDropped
from pipecat_sagemaker_deepgram.client.session.stream_state import HEARD_ALL, ROUNDING
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    RejectedError,
    StreamLostError,
    ThrottledError,
)

from .simulation import FRAMES_PER_WORD, RATE, SimulatedStream, Simulation

SCHEDULES = 10_000
SHARDS = 20

WORD = FRAMES_PER_WORD / 100
"""Seconds of a word."""

REFUSALS = (
    ConnectError("refused"),
    StreamLostError("reset in TLS"),
    ThrottledError("slow down", retry_after=40.0),
    RejectedError("internal", status_code=500, code="InternalFailure"),
    RejectedError("unavailable", status_code=503, code="ServiceUnavailable"),
)


class Schedule:
    """A session's random life.

    Args:
        seed: Decides everything.
    """

    def __init__(self, seed: int) -> None:
        self.is_unruly = seed % 2 == 1
        self.is_in_haste = seed % 5 == 3
        self.simulation = _simulation(seed, is_unruly=self.is_unruly)
        self._random = self.simulation.random
        self._out_until = -inf
        self._silent: set[int] = set()
        self._slow: set[int] = set()

    def run(self) -> Simulation:
        """Live it, and close."""
        self.simulation.session.connect(self.simulation.now)
        self.simulation.step()
        for _ in range(self._random.randrange(5, 60)):
            self._act()
            if self.is_unruly:
                self._disturb()
            self._answer_whoever_asked()
        self._close(self._random.uniform(0.0, 5.0) if self.is_in_haste else 1e6)
        return self.simulation

    def _act(self) -> None:
        simulation, random = self.simulation, self._random
        speaking = [stream for stream in self._open() if stream.number not in self._silent]
        opening = [stream for stream in simulation.streams.values() if not stream.is_open]
        match random.randrange(13):
            case 0 | 1 | 2:
                simulation.session.note_speech(True)
                simulation.speak(random.randrange(1, 6))
            case 3:
                simulation.session.note_speech(random.choice((False, None)))
                simulation.pause(random.randrange(1, 12))
            case 4:
                simulation.wait(random.choice((0.01, 0.1, 1.0, 7.0)))
            case 5 | 6 if speaking:
                # A final may end inside a word and before the last interim did.
                self._say(random.choice(speaking).number, random.uniform(0.1, 8), is_final=True)
            case 7 if speaking:
                self._say(random.choice(speaking).number, random.uniform(0.1, 12), is_final=False)
            case 8 if open_streams := self._open():
                simulation.fail(random.choice(open_streams).number)
            case 9 if opening:
                self._open_or_fail(random.choice(opening))
            case 10:
                simulation.finalize()
            case 11:
                simulation.session.change_stream("requested", simulation.now, within=2.0)
                simulation.step()
            case 12 if open_streams := self._open():
                number = random.choice(open_streams).number
                simulation.session.stream_draining(number, simulation.now)
                simulation.step()

    def _open(self) -> list[SimulatedStream]:
        return [stream for stream in self.simulation.streams.values() if stream.is_open]

    def _say(self, number: int, words: float, *, is_final: bool) -> None:
        """A slow container comes on by a fifth."""
        self.simulation.say(number, words / 5 if number in self._slow else words, is_final=is_final)

    def _open_or_fail(self, stream: SimulatedStream) -> None:
        if self.simulation.now < self._out_until:
            self.simulation.fail(stream.number, self._random.choice(REFUSALS))
        elif self._random.random() < 0.3:
            self.simulation.fail(stream.number)
        else:
            self.simulation.open(stream.number)

    def _disturb(self) -> None:
        """Begin an outage, or have a container fall silent or behind, or its stream end."""
        open_streams = self._open()
        match self._random.randrange(40):
            case 0:
                self._out_until = self.simulation.now + self._random.choice((1, 3, 10, 30))
                for stream in open_streams:
                    if stream.number in self.simulation.streams:
                        self.simulation.fail(stream.number)
            case 1 if open_streams:
                self._silent.add(self._random.choice(open_streams).number)
            case 2 if open_streams:
                self._slow.add(self._random.choice(open_streams).number)
            case 3 if open_streams:
                self._end_early(self._random.choice(open_streams))

    def _end_early(self, stream: SimulatedStream) -> None:
        """After the request for the rest an end is believed that leaves no word unanswered."""
        if stream.was_asked_for_rest:
            unanswered = (len(stream.audio) - stream.finalised) / RATE
            if unanswered <= HEARD_ALL + ROUNDING:
                return
        del self.simulation.streams[stream.number]
        self.simulation.session.stream_ended(stream.number, self.simulation.now)
        self.simulation.step()

    def _answer_whoever_asked(self) -> None:
        for stream in list(self.simulation.streams.values()):
            chance = 0.1 if stream.number in self._slow else 0.5
            is_silent = stream.number in self._silent
            if stream.was_asked_for_rest and not is_silent and self._random.random() < chance:
                self.simulation.answer_rest(stream.number)

    def _close(self, timeout: float) -> None:
        """Close with the network still unruly, but not for ever."""
        simulation, random = self.simulation, self._random
        simulation.session.close(simulation.now, timeout=timeout)
        simulation.step()
        for round_number in range(1000):
            if simulation.is_closed:
                return
            for stream in list(simulation.streams.values()):
                if stream.number not in simulation.streams:
                    continue
                if round_number < 10 and random.random() < 0.3:
                    simulation.fail(stream.number)
                elif not stream.is_open and simulation.now < self._out_until:
                    simulation.fail(stream.number, random.choice(REFUSALS))
                elif not stream.is_open:
                    simulation.open(stream.number)
                elif self.is_unruly and round_number < 10 and random.random() < 0.1:
                    self._end_early(stream)
                elif self.is_unruly and stream.number not in self._silent:
                    self._say(stream.number, random.uniform(0.1, 8), is_final=False)
            self._answer_whoever_asked()
            simulation.wait(0.5)
        raise AssertionError("the session did not end")


def _simulation(seed: int, *, is_unruly: bool) -> Simulation:
    protocol: dict[str, Any] = {"says_last": is_unruly}
    if is_unruly and seed % 3 == 0:
        protocol |= {"answers_every": 1.0, "closing_silence": 0.5}
    elif is_unruly:
        protocol |= {"answers_speech": lambda: True, "stall_probe": lambda: "probe"}
    return Simulation(
        seed,
        targets=1 + seed % 3,
        # The level of speech decides nothing.
        loudness=0 if seed % 4 < 2 else 1000,
        config=ClientConfig(
            rotate_after=None if seed % 2 else 20.0,
            rotate_by=30.0,
            stall_timeout=5.0 if is_unruly else None,
            subscription_timeout=1e9,
            close_timeout=3.0,
            max_replay_seconds=1e9,
            min_chunk_seconds=0.0 if seed % 5 else 0.08,
            replay_speed=None if seed % 7 else 1.5,
        ),
        **protocol,
    )


def _missing_without_report(simulation: Simulation) -> int:
    """Words that were not heard, beyond the audio that was reported as dropped.

    The first of them may have been answered for to just before its middle.
    """
    missing = len(simulation.given) - len(simulation.heard)
    dropped = sum(e.seconds for e in simulation.events if isinstance(e, AudioDropped))
    return max(0, missing - int((dropped + WORD / 2 + 1e-6) / WORD))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_word_is_lost_or_repeated_whatever_happens(shard: int) -> None:
    for seed in range(shard, SCHEDULES, SHARDS):
        schedule = Schedule(seed)
        simulation = schedule.run()
        if not schedule.is_in_haste:
            assert simulation.heard == simulation.given, f"seed {seed}"
        assert simulation.heard == sorted(set(simulation.heard)), f"seed {seed}"
        assert not _missing_without_report(simulation), f"seed {seed}"
        times = [round(time, 6) for time in simulation.times]
        assert times == sorted(times), f"seed {seed}"
        assert simulation.streams == {}, f"seed {seed}"
