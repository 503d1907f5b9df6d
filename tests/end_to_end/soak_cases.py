# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a run of the soak does, drawn from its seed: who says what, what breaks, and when. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

SAYINGS: dict[str, tuple[str, ...]] = {
    "password": ("agent-pass",),
    "conference": ("conf-onlyperson",),
    "queue": ("queue-youarenext",),
    "urgent": ("vm-review-urgent",),
    "leader": ("confbridge-begin-leader", "feature-not-avail-line"),
}
"""Turns by name: the recorded prompts that make each; the last has a pause inside."""

TURNS = 3

BREAKS = (
    "end",
    "reset",
    "reset=CANCEL",
    "drop",
    "goaway",
    "goaway=INTERNAL_ERROR",
    "model-stream-error",
    "model-stream-error=StreamBroken",
    "model-stream-error=ModelInvocationTimeExceeded",
    "internal-stream-failure",
    "error",
    "bad-checksum",
    "cut",
    "cut=drop",
    'text={"type":"Error","sequence_id":0,"code":"INTERNAL_SERVER_ERROR","description":"d"}',
)
"""What ends a stream."""

STALLS = ("silence", "stop-reading")
"""What leaves a stream open and useless."""

NUISANCES = ("malformed", "malformed=binary", "unknown-event", "big", "fragment=7", "delay=0.3")
"""What a stream survives."""

REFUSALS = (
    "refuse-connection",
    "stall-tls",
    "never-answer",
    "goaway",
    "late=1",
    "refuse=429:ThrottlingException",
    "refuse=400:ThrottlingException",
    "refuse=424:ModelError",
    "refuse=500:InternalServerError",
    "refuse=503:ServiceUnavailableError",
    "refuse=403:ExpiredTokenException",
)
"""What keeps a stream from opening."""

BYTES_PER_SECOND = 32_000


@dataclass(frozen=True)
class SoakCase:
    """One run.

    Attributes:
        seed: What it was drawn from.
        turns: What is said, by name.
        pause: Seconds of silence behind each turn.
        hangs_up: Whether the pipeline ends with the last word instead of after a silence.
        faults: The emulator's script.
        rotate_after: Age at which the client changes streams in a pause; ``None`` for never.
        speed: How many times faster than real time the user speaks.
    """

    seed: int
    turns: tuple[str, ...]
    pause: float
    hangs_up: bool
    faults: tuple[str, ...]
    rotate_after: float | None
    speed: float

    def __str__(self) -> str:
        what = [*self.faults]
        if self.rotate_after is not None:
            what.append(f"rotation after {self.rotate_after} s")
        ending = ", hangs up" if self.hangs_up else ""
        return f"{' + '.join(what)} in {'-'.join(self.turns)} at {self.speed:g}x{ending}"


def draw(seed: int, seconds_of: Callable[[str], float]) -> SoakCase:
    """Draw a run.

    Args:
        seed: Any number.
        seconds_of: Gives the seconds that a turn takes to say.
    """
    random = Random(seed)
    turns = tuple(random.sample(sorted(SAYINGS), TURNS))
    pause = random.choice((1.5, 2.0, 3.0))
    hangs_up = random.random() < 0.25
    seconds = sum(map(seconds_of, turns)) + pause * (len(turns) - hangs_up)
    speed = random.choice((4.0, 8.0))
    faults, rotate_after = _draw_faults(random, seconds, speed)
    return SoakCase(
        seed=seed,
        turns=turns,
        pause=pause,
        hangs_up=hangs_up,
        faults=faults,
        rotate_after=rotate_after,
        speed=speed,
    )


def _draw_faults(
    random: Random, seconds: float, speed: float
) -> tuple[tuple[str, ...], float | None]:
    moment = _draw_moment(random, seconds, speed)
    break_ = random.choice(BREAKS)
    match random.choices(range(8), weights=(8, 3, 3, 2, 2, 2, 1, 2))[0]:
        case 0:
            return (f"{break_}@{moment},streams=1",), None
        case 1:
            again = f"{random.choice(BREAKS)}@{_draw_moment(random, seconds / 4, speed)},streams=2"
            return (f"{break_}@{moment},streams=1", again), None
        case 2:
            refusal = f"{random.choice(REFUSALS)}@connect,streams=2"
            return (f"{break_}@{moment},streams=1", refusal), None
        case 3:
            return (f"{random.choice(STALLS)}@{moment},streams=1",), None
        case 4:
            return (f"{random.choice(NUISANCES)}@{moment},streams=1",), None
        case 5:
            return (f"{random.choice(REFUSALS)}@connect,streams=1",), None
        case 6:
            return (f"{break_}@control=CloseStream,streams=1",), None
        case _:
            return (), round(random.uniform(0.1, 0.9) * seconds / speed, 2)


def _draw_moment(random: Random, seconds: float, speed: float) -> str:
    """A moment while so many seconds are spoken: by audio, by messages or by the clock."""
    at = random.uniform(0.0, 0.95 * seconds)
    return random.choice(
        (
            f"bytes={round(at * BYTES_PER_SECOND)}",
            f"bytes={round(at * BYTES_PER_SECOND)}",
            f"events={1 + round(at * 4)}",
            f"seconds={at / speed:.2f}",
        )
    )
