# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A run with three breaks, made by hand."""

from typing import Any

from pipecat_sagemaker_deepgram.recorded.transcript import (
    Interim,
    RecordingStream,
    Segment,
    SpokenWord,
    Transcript,
    Turn,
    Waveform,
)

WHERE = " (endpoint e, region us-east-1, request id r)."


def segment(text: str, start: float, **fields: Any) -> Segment:
    words = tuple(
        SpokenWord(text=word, start=start + 0.4 * at, end=start + 0.4 * at + 0.3)
        for at, word in enumerate(text.split())
    )
    arrived = fields.pop("arrived", words[-1].end + 0.3)
    return Segment(
        text=text, start=start, end=words[-1].end, words=words, arrived=arrived, **fields
    )


def broken_run(**fields: Any) -> Transcript:
    run = Transcript(
        source="call <1>.wav",
        seconds=12.0,
        sample_rate=16_000,
        channels=1,
        model="nova-3",
        took=12.5,
        segments=[
            segment("It was <b>.", 0.5, latency=0.25),
            segment("So be it.", 6.0, latency=3.1),
        ],
        interims=[
            Interim(text="It is", start=0.0, end=1.0, arrived=0.9),
            Interim(text="It was <b>", start=0.0, end=1.5, arrived=1.4),
        ],
        streams=[
            RecordingStream(number=1, opened=0.1, lost=2.0, cause=f"It was reset{WHERE}"),
            RecordingStream(
                number=2, opened=2.1, replayed_seconds=1.2, sent_from=2.1, lost=4.0, cause="Gone."
            ),
            RecordingStream(number=4, opened=7.0, replayed_seconds=2.0, sent_from=7.0, lost=9.0),
            RecordingStream(number=5, opened=9.5, sent_from=9.4),
        ],
        waveforms=[Waveform(channel=None, per_second=10, peaks=[0.0, 0.5, 0.25] * 40)],
    )
    for name, value in fields.items():
        setattr(run, name, value)
    run.settle()
    return run


def flux_turn() -> Turn:
    return Turn(number=1, text="It was <b>.", start=0.5, end=2.4, trigger="model", confidence=0.87)
