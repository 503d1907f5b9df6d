# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Combines the results of all channels of a recording into one transcript. Pure."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter

from pipecat_sagemaker_deepgram.recorded.channels import ChannelJob
from pipecat_sagemaker_deepgram.recorded.decoding import Recording
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings
from pipecat_sagemaker_deepgram.recorded.transcript import Mode, Transcript, Waveform
from pipecat_sagemaker_deepgram.recorded.waveform import PEAKS_PER_SECOND


def sum_up(
    recording: Recording,
    jobs: Sequence[ChannelJob],
    settings: RecordedSettings,
    *,
    mode: Mode,
    names: Sequence[str],
    took: float,
    is_stopped: bool,
) -> Transcript:
    """Make the transcript of a recording.

    Args:
        recording: The recording.
        jobs: Its channels and their results.
        settings: Parameters of the model.
        mode: How it was sent.
        names: Names of the channels; empty for none.
        took: Seconds that it took.
        is_stopped: Whether the user asked to stop; it may have ended by then.
    """
    heard = [job.listening for job in jobs]
    seconds = max(each.sent for each in heard)
    is_cut = is_stopped and seconds < (recording.seconds or float("inf")) - 0.05
    lost = round(sum(each.lost_seconds for each in heard), 3)
    problem = _problem([job.recording.damage for job in jobs], lost, seconds if is_cut else None)
    transcript = Transcript(
        source=recording.name,
        seconds=round(seconds, 3),
        sample_rate=recording.sample_rate,
        channels=recording.channels,
        channel_names=_names(jobs, names),
        model=settings.model,
        language=settings.language,
        mode=mode,
        took=round(took, 3),
        is_complete=not problem,
        is_stopped=is_cut,
        problem=problem,
        lost_seconds=lost,
        attempts=sum(job.attempts for job in jobs),
        segments=[segment for each in heard for segment in each.segments],
        turns=[turn for each in heard for turn in each.turns],
        interims=_by_time((each.interims for each in heard), attrgetter("arrived")),
        streams=_by_time((each.streams for each in heard), attrgetter("opened")),
        waveforms=[_waveform(job) for job in jobs],
    )
    transcript.settle()
    return transcript


def _by_time[T](parts: Iterable[Iterable[T]], time: Callable[[T], float]) -> list[T]:
    return sorted(chain.from_iterable(parts), key=time)


def _waveform(job: ChannelJob) -> Waveform:
    return Waveform(channel=job.channel, per_second=PEAKS_PER_SECOND, peaks=job.meter.peaks())


def _problem(damages: Sequence[str], lost: float, stopped_after: float | None) -> str:
    if stopped_after is not None:
        return f"stopped after {stopped_after:.1f} s of audio"
    found = next(filter(None, damages), "")
    if lost > 0:
        found = f"{found}; " if found else ""
        return f"{found}has {lost:.1f} s of audio that were never answered"
    return found


def _names(jobs: Sequence[ChannelJob], names: Sequence[str]) -> tuple[str, ...]:
    """A name for each channel; none if they were mixed."""
    indices = [job.channel for job in jobs if job.channel is not None]
    return tuple(names[index] if names else f"channel {index + 1}" for index in indices)
