# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``demo``: human speech, from a recording to text, on this machine alone."""

import sys
import time
from pathlib import Path
from statistics import median

from pipecat_sagemaker_deepgram.cli.arguments import DemoOptions
from pipecat_sagemaker_deepgram.cli.audio_format import SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.conclusion import conclude
from pipecat_sagemaker_deepgram.cli.display import open_display
from pipecat_sagemaker_deepgram.cli.event_loop import run
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.listen_arguments import FLUX, ListenOptions
from pipecat_sagemaker_deepgram.cli.outcome import Outcome, word_error_rate, words_of
from pipecat_sagemaker_deepgram.recorded import Pace, open_recording
from pipecat_sagemaker_deepgram.recordings import short_sayings, two_cities


def run_demo(options: DemoOptions) -> ExitCode:
    """Run the command.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        BrokenPipeError: Nobody reads stdout any more.
        ImportError: A package of an optional extra is not installed.
    """
    _, code = show_demo(options)
    if code is ExitCode.DONE:
        print("\n".join(_next_steps()), flush=True)
    return code


def show_demo(options: DemoOptions) -> tuple[str, ExitCode]:
    """Show both recordings being transcribed.

    Args:
        options: The options of the command.

    Returns:
        The transcript of the first, and the exit code.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        BrokenPipeError: Nobody reads stdout any more.
        ImportError: A package of an optional extra is not installed.
    """
    prose, sayings = two_cities(), short_sayings()
    print(_introduction(options.speed), flush=True)
    began = time.monotonic()
    outcome, code = _show(prose.path, "nova-3", options)
    text = outcome.text
    if code is not ExitCode.DONE:
        return text, code
    took = time.monotonic() - began
    print(f"\n{summary(outcome, speed=options.speed, took=took)}\n\n{_TURNS}\n", flush=True)
    outcome, code = _show(sayings.path, FLUX, options)
    if code is ExitCode.DONE:
        print(f"\n{summary_of_turns(outcome)}", flush=True)
    return text, code


def _show(recording: Path, model: str, options: DemoOptions) -> tuple[Outcome, ExitCode]:
    """Transcribe a recording while the user watches."""
    audio = open_recording(recording)
    display = open_display(total_seconds=audio.seconds, shows_interims=True)
    from pipecat_sagemaker_deepgram.cli.recognition import recognize_blocks

    wanted = ListenOptions(model=model, verbose=options.verbose)
    blocks = audio.blocks(sample_rate=SAMPLE_RATE)
    outcome = run(recognize_blocks(blocks, wanted, display, pace=Pace(options.speed)))
    return outcome, conclude(outcome)


def summary(outcome: Outcome, *, speed: float, took: float) -> str:
    """Summarise how many words were recognised, how fast and how accurately.

    Args:
        outcome: The outcome of the transcription.
        speed: How many times faster than real time the audio was fed.
        took: Seconds from start to end, including the start of the endpoint.
    """
    words = len(words_of([outcome.text]))
    lines = [
        f"Recognised {words} words in {outcome.audio_seconds:.0f} s of speech, "
        f"with {outcome.interims} interim results on the way.",
        f"It took {took:.0f} s, including the start of the endpoint and of the speech model.",
    ]
    delay = outcome.median_delay() if speed == 1.0 else None
    if delay is not None:
        lines.append(f"A final came {delay:.2f} s after its last word was spoken (median).")
    lines.append(
        f"Word error rate against the book: {word_error_rate(two_cities().text, outcome.text):.1%}."
    )
    return "\n".join(lines)


def summary_of_turns(outcome: Outcome) -> str:
    """Summarise how many turns there were, and after how much silence they ended.

    Args:
        outcome: The outcome of the transcription.
    """
    summary = f"Reported {len(outcome.turns)} turns in {outcome.audio_seconds:.0f} s of speech"
    if not outcome.turns:
        return f"{summary}."
    silence = median(turn.silence for turn in outcome.turns)
    return f"{summary}, each {silence:.1f} s of audio after its last word (median)."


def _next_steps() -> list[str]:
    command = Path(sys.argv[0]).name
    program = (
        "pipecat-sagemaker-deepgram"
        if command == "pipecat-sagemaker-deepgram"
        else "python -m pipecat_sagemaker_deepgram"
    )
    return [
        f"Next: `{program} transcribe FILE`, for a recording of your own;",
        "`--endpoint NAME --region R`, for your own endpoint; the README, for the code of a bot.",
    ]


_TURNS = "Now a speaker who pauses, with Deepgram Flux, which reports where turns begin and end."


def _introduction(speed: float) -> str:
    pace = (
        "in real time" if speed == 1.0 else "as fast as possible" if speed > 100 else f"{speed:g}x"
    )
    return (
        "Recording -> Pipecat -> SageMaker endpoint (emulated) -> speech recogniser, all on this "
        f"machine, {pace}.\n"
    )
