# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a run of the chaos does, drawn from its seed: what is said, what goes wrong, and when. Pure.

A call is a list of things that happen one after the other. Whatever is not said itself happens
between two pieces of speech, or at a trigger of the endpoint's, in the middle of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from .soak_cases import BREAKS, NUISANCES, REFUSALS, STALLS

LEVELS: tuple[float | None, ...] = (None, -20.0, -40.0, -60.0)
"""Peaks of speech in dBFS; ``None`` leaves marked audio as loud as it is made."""

OUTAGES = (
    "refuse-connection",
    "stall-tls",
    "refuse=429:ThrottlingException",
    "refuse=500:InternalServerError",
    "refuse=503:ServiceUnavailableError",
)
"""What an endpoint does that is out."""

PASSING = tuple(each for each in REFUSALS if "ExpiredToken" not in each)
"""What keeps one stream from opening."""


@dataclass(frozen=True)
class Speak:
    """So many words are said."""

    words: int


@dataclass(frozen=True)
class Pause:
    """So many seconds of silence are sent, or nothing at all, as by a microphone that is off."""

    seconds: float
    is_sent: bool = True


@dataclass(frozen=True)
class Outage:
    """Every stream drops, and none can be opened for so many seconds."""

    seconds: float
    kind: str


@dataclass(frozen=True)
class Break:
    """A fault of the emulator's script, for the streams that are open, or the next one."""

    fault: str


@dataclass(frozen=True)
class Change:
    """The settings change, or the pipeline's VAD says that the user has stopped speaking."""

    what: Literal["settings", "finalize"]


type Step = Speak | Pause | Outage | Break | Change


@dataclass(frozen=True)
class ChaosCase:
    """One run.

    Attributes:
        seed: What it was drawn from.
        service: Deepgram's.
        level: Peak of the speech in dBFS, if it is not loud.
        is_noisy: Whether there is noise in everything that is sent.
        has_vad: Whether the pipeline says when speech begins.
        max_speed: How many times faster than real time the container listens; ``None`` for as
            fast as it can.
        rotate_after: Age at which the client changes streams; ``None`` for never.
        speed: How many times faster than real time is spoken.
        stays: Whether nobody hangs up before an outage is over.
        calls: What happens in each call of the one service object.
    """

    seed: int
    service: Literal["nova", "flux"]
    level: float | None
    is_noisy: bool
    has_vad: bool
    max_speed: float | None
    rotate_after: float | None
    speed: float
    stays: bool
    calls: tuple[tuple[Step, ...], ...]

    def __str__(self) -> str:
        sound = "noisy" if self.is_noisy else f"{self.level:g} dBFS" if self.level else "loud"
        listens = f", container at {self.max_speed:g}x" if self.max_speed else ""
        rotates = f", rotation after {self.rotate_after:g} s" if self.rotate_after else ""
        steps = " | ".join(" ".join(map(_brief, call)) for call in self.calls)
        sound += ", VAD" if self.has_vad else ""
        stays = ", stays" if self.stays else ""
        return f"{self.service}, {sound}, {self.speed:g}x{listens}{rotates}{stays}: {steps}"


def _brief(step: Step) -> str:
    match step:
        case Speak(words=count):
            return f"{count}w"
        case Pause(seconds=seconds, is_sent=is_sent):
            return f"{'silence' if is_sent else 'off'}({seconds:g})"
        case Outage(seconds=seconds, kind=kind):
            return f"outage({seconds:g}, {kind})"
        case Break(fault=fault):
            return fault
        case Change(what=what):
            return what


def draw(seed: int, *, longest_outage: float) -> ChaosCase:
    """Draw a run.

    Args:
        seed: Any number.
        longest_outage: Seconds of the longest outage.
    """
    random = Random(seed)
    is_noisy = random.random() < 0.25
    return ChaosCase(
        seed=seed,
        service="flux" if seed % 2 else "nova",
        level=None if is_noisy else random.choice(LEVELS),
        is_noisy=is_noisy,
        has_vad=random.random() < 0.5,
        max_speed=random.choice((None, None, None, 4.0, 8.0)),
        rotate_after=random.choice((None, None, 0.5)),
        speed=5.0,
        stays=random.random() < 0.5,
        calls=tuple(
            tuple(_call(random, longest_outage)) for _ in range(random.choice((1, 1, 1, 2)))
        ),
    )


def _call(random: Random, longest_outage: float) -> Iterator[Step]:
    """Several things that go wrong, each anywhere, at the beginning and the end too."""
    if random.random() < 0.15:
        yield Outage(round(random.uniform(0.1, 1.0), 1), random.choice(OUTAGES))
    for number in range(random.randrange(1, 4)):
        yield Speak(random.randrange(1, 25))
        if random.random() < 0.3:
            yield Pause(random.choice((0.3, 1.0)), is_sent=random.random() < 0.5)
        yield from _trouble(random, longest_outage if number == 0 else 1.0)
    yield Speak(random.randrange(1, 25))
    if random.random() < 0.3:
        yield Break(f"{random.choice(BREAKS)}@control=CloseStream,streams=current")
    elif random.random() < 0.1:
        yield Outage(round(random.uniform(0.1, longest_outage), 1), random.choice(OUTAGES))
    if random.random() < 0.5:
        yield Pause(1.0)


def _trouble(random: Random, longest_outage: float) -> Iterator[Step]:
    match random.choices(range(6), weights=(5, 2, 2, 2, 2, 2))[0]:
        case 0:
            yield Break(f"{random.choice(BREAKS)}@{_soon(random)},streams=current")
        case 1:
            yield Outage(round(random.uniform(0.1, longest_outage), 1), random.choice(OUTAGES))
        case 2:
            yield Break(f"{random.choice(STALLS)}@{_soon(random)},streams=current")
        case 3:
            yield Break(f"{random.choice(PASSING)}@connect,streams=next")
            yield Break(f"{random.choice(BREAKS)}@{_soon(random)},streams=current")
        case 4:
            yield Break(f"{random.choice(NUISANCES)}@{_soon(random)},streams=current")
        case _:
            yield Change(random.choice(("settings", "finalize")))


def _soon(random: Random) -> str:
    """At once, or with an event that is sent later."""
    return random.choice(("seconds=0", f"events={random.randrange(1, 40)}"))
