# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Judges a run of the soak: what the pipeline was told of turns, against what was said. Pure.

Users care that every word comes once and in order, that no two turns are told as one, and that a
turn begins and ends once, before the next one begins.

A turn may come in two only where the speaker pauses inside it, and only if the container ended it
there. Whether somebody who stops for a second behind a whole sentence has finished is a model's
guess, and the pause inside one of the soak's turns lies at the threshold. When a stream begins with
this turn, the voice detector has not heard the turn before: for 32 ms at the end of the sentence it
gives 0.40 instead of 0.35, which still counts as voice. By that smart-turn gives the pause 0.71
instead of 0.56, which makes a confidence of 0.79 instead of 0.695; and from 0.7 a turn ends. Any
stream that begins there decides so, whether it replaces a lost one or not. Deepgram Flux too
compares a model's confidence with a threshold (Deepgram docs, "End-of-Turn Detection Parameters",
``eot_threshold``), so a new stream may end a turn that the lost one would not have ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations, pairwise, product

import jiwer
from benchmarks.pictures.soak_runs import SoakRun

from ..speech_clips import plain

type Pieces = tuple[str, ...]
"""The texts of one turn: several if it is cut, or has pauses at which it may be cut."""

_TOLERANCE = 0.001


@dataclass(frozen=True)
class TurnTold:
    """A turn as the pipeline was told of it.

    Attributes:
        text: Its final.
        start: Session seconds at which its first word begins.
        end: Session seconds at which its last word ends.
        is_ended_by_client: Whether the client ended it, because the container had not.
    """

    text: str
    start: float = 0.0
    end: float = 0.0
    is_ended_by_client: bool = False


@dataclass(frozen=True)
class Told:
    """What the pipeline was told of turns.

    Attributes:
        order: ``start``, ``text``, ``final`` and ``stop``, as they came.
        turns: The turns.
        errors: What went wrong.
        streams: How many streams were opened.
        is_frozen: Whether a turn did not end, or the pipeline did not.
        run: What was observed of it.
    """

    order: tuple[str, ...]
    turns: tuple[TurnTold, ...]
    errors: tuple[str, ...]
    streams: int
    is_frozen: bool
    run: SoakRun = field(repr=False, compare=False)

    @property
    def finals(self) -> tuple[str, ...]:
        """The texts of the turns."""
        return tuple(turn.text for turn in self.turns)


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a run; all zero when nothing is.

    Attributes:
        lost: Turns that did not come out.
        doubled: Turns too many.
        broken: Turns that the client cut in two, at a pause where the container did not end them.
        overlapping: Turns that begin before the one before them has ended.
        dangling: Starts without a stop, stops without a start, texts outside.
        frozen: Whether the run stood still.
        word_errors: Words too few, too many or other than expected, where the turns' number is
            right.
        words: Words said.
        errors: Errors that the pipeline was told of.
    """

    lost: int
    doubled: int
    broken: int
    overlapping: int
    dangling: int
    frozen: int
    word_errors: int
    words: int
    errors: int

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not any(count for name, count in asdict(self).items() if name != "words")


def is_over(order: Sequence[str], turns: Sequence[TurnTold], *, last_begins: float) -> bool:
    """Whether the last turn has ended. Their number does not tell: one before may come in two.

    Args:
        order: As in ``Told``.
        turns: The turns so far.
        last_begins: Session seconds at which the last piece of the last turn begins.
    """
    return bool(turns) and turns[-1].end > last_begins and order[-1] == "stop"


def judge(told: Told, said: Sequence[Pieces], *, undisturbed: Sequence[str] = ()) -> Verdict:
    """Compare what was told with what was said, in the closest of the ways that are right.

    Args:
        told: What came of the run.
        said: The turns, each in the pieces between which the speaker pauses.
        undisturbed: The finals of the same conversation without a fault. A turn may also come as it
            did there, misheard or cut elsewhere: that depends on the processor.
    """
    without_fault = _by_turn(undisturbed, said)
    options = [_options(turn, other) for turn, other in zip(said, without_fault, strict=True)]
    heard = [plain(text) for text in told.finals]
    return _compare(told, min(product(*options), key=lambda way: _distance(way, heard)))


def _options(said: Pieces, undisturbed: Pieces) -> list[Pieces]:
    """The ways in which a turn may come."""
    whole = " ".join(said)
    options = [(whole,), said]
    if len(undisturbed) in (1, len(said)) or " ".join(undisturbed) == whole:
        options.append(undisturbed)
    return list(dict.fromkeys(options))


def _by_turn(finals: Sequence[str], said: Sequence[Pieces]) -> Sequence[Pieces]:
    """Share finals out to the turns said, with as few words wrong as possible; none if too few."""
    texts = [plain(text) for text in finals]
    cuts = combinations(range(1, len(texts)), len(said) - 1)
    shares = (_cut(texts, (0, *cut, len(texts))) for cut in cuts)
    nothing: list[Pieces] = [()] * len(said)
    return min(shares, key=lambda share: _errors(share, said), default=nothing)


def _cut(texts: Sequence[str], at: Sequence[int]) -> list[Pieces]:
    return [tuple(texts[begin:end]) for begin, end in pairwise(at)]


def _errors(heard: Sequence[Pieces], said: Sequence[Pieces]) -> int:
    pairs = zip(said, heard, strict=True)
    return sum(_word_errors(" ".join(turn), " ".join(other)) for turn, other in pairs)


def _compare(told: Told, expected: Sequence[Pieces]) -> Verdict:
    texts = _texts(expected)
    heard = [plain(text) for text in told.finals]
    is_number_right = len(texts) == len(heard)
    pairs = zip(texts, heard, strict=True) if is_number_right else ()
    return Verdict(
        lost=max(0, len(texts) - len(heard)),
        doubled=max(0, len(heard) - len(texts)),
        broken=_broken(told.turns, expected) if is_number_right else 0,
        overlapping=sum(b.start < a.end - _TOLERANCE for a, b in pairwise(told.turns)),
        dangling=_dangling(told.order),
        frozen=int(told.is_frozen),
        word_errors=sum(_word_errors(text, other) for text, other in pairs),
        words=sum(len(text.split()) for text in texts),
        errors=len(told.errors),
    )


def _texts(turns: Iterable[Pieces]) -> list[str]:
    return [text for pieces in turns for text in pieces]


def _distance(turns: Iterable[Pieces], heard: Sequence[str]) -> tuple[int, int]:
    """How many words differ, where the end of a turn counts as one; and how many turns."""
    texts = _texts(turns)
    words = _word_errors(" / ".join(texts), " / ".join(heard))
    return words, abs(len(texts) - len(heard))


def _broken(turns: Sequence[TurnTold], expected: Sequence[Pieces]) -> int:
    pairs = zip(turns, _is_cut_behind(expected), strict=True)
    return sum(is_cut and turn.is_ended_by_client for turn, is_cut in pairs)


def _is_cut_behind(expected: Iterable[Pieces]) -> Iterator[bool]:
    """For each piece, whether its turn goes on in the next one."""
    for pieces in expected:
        yield from [True] * (len(pieces) - 1)
        yield False


def _dangling(order: tuple[str, ...]) -> int:
    """Count what is out of place in: start, texts, final, stop, and again."""
    wrong, state = 0, "stop"
    allowed = {"start": {"stop"}, "text": {"start", "text"}, "stop": {"final"}}
    allowed["final"] = {"start", "text"}
    for name in order:
        wrong += state not in allowed[name]
        state = name
    return wrong + (state != "stop")


def _word_errors(said: str, heard: str) -> int:
    if not said or not heard:
        return len(f"{said} {heard}".split())
    found = jiwer.process_words(said, heard)
    return found.substitutions + found.deletions + found.insertions
