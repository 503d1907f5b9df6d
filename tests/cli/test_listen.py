# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import asyncio
import io
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli.dispatch import main
from pipecat_sagemaker_deepgram.cli.display import PlainDisplay, ProblemDisplay
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    ProblemReported,
    TurnBegan,
    TurnOver,
    WordsHeard,
)
from pipecat_sagemaker_deepgram.cli.listen import conclude, listen
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.outcome import Outcome, words_of
from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator, parse_fault

from .conftest import ENDPOINT_NAME
from .recordings import words_up_to

HEARD = WordsHeard("x", 0, 1, covers_to=1, is_final=True, at=0)


@asynccontextmanager
async def spoken(audio: bytes, *, has_end: bool = True) -> AsyncIterator[AsyncIterator[bytes]]:
    """A source that gives its audio at ten times the pace of speech; then it ends, or is silent."""

    async def blocks() -> AsyncIterator[bytes]:
        for at in range(0, len(audio), 640):
            yield audio[at : at + 640]
            await asyncio.sleep(0.002)
        while not has_end:
            yield bytes(640)
            await asyncio.sleep(0.02)

    yield blocks()


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize("model", ["nova-3", "flux-general-en"])
async def test_every_word_of_a_live_source_is_heard(model: str):
    out = io.StringIO()
    options = ListenOptions(endpoint=RemoteEndpoint(name=ENDPOINT_NAME), model=model)
    source = spoken(marked_audio(0, 30) + bytes(64_000))
    outcome = await listen(source, options, PlainDisplay(out))
    assert words_of([outcome.text]) == words_up_to(30)
    rows = [line.split("\t") for line in out.getvalue().splitlines()]
    assert " ".join(text for _, _, text in rows) == outcome.text
    assert [float(start) for start, _, _ in rows] == sorted(float(start) for start, _, _ in rows)


@pytest.mark.parametrize("model", ["nova-3", "flux-general-en"])
async def test_a_live_run_is_drawn_with_its_break(
    model: str, tmp_path: Path, endpoint: SageMakerEmulator
):
    page = tmp_path / "run.html"
    endpoint.faults.add(parse_fault("reset@bytes=32000,streams=next"))
    options = ListenOptions(
        endpoint=RemoteEndpoint(name=ENDPOINT_NAME), model=model, report=str(page)
    )
    source = spoken(marked_audio(0, 30) + bytes(64_000))
    await listen(source, options, PlainDisplay(io.StringIO()))
    drawn = page.read_text()
    assert "1 stream was lost" in drawn
    assert "Stream 2 took over" in drawn
    assert "w29" in drawn
    assert ("a turn" in drawn) == model.startswith("flux")


async def test_a_live_run_is_written_as_json_which_can_be_drawn_later(
    endpoint: SageMakerEmulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    endpoint.faults.add(parse_fault("reset@bytes=32000,streams=next"))
    options = ListenOptions(
        endpoint=RemoteEndpoint(name=ENDPOINT_NAME), model="flux-general-en", writes_json=True
    )
    await listen(spoken(marked_audio(0, 30) + bytes(64_000)), options, ProblemDisplay())
    written = capsys.readouterr().out
    run = json.loads(written)
    assert written == f"{json.dumps(run, separators=(',', ':'))}\n"
    assert (run["source"], run["model"], run["mode"]) == ("microphone", "flux-general-en", "stream")
    assert words_of([run["text"]]) == words_up_to(30)
    assert [("lost" in stream) for stream in run["streams"]] == [True, False]
    assert run["turns"]
    assert run["is_complete"]
    (tmp_path / "run.json").write_text(written)
    assert main(["report", str(tmp_path / "run.json")]) == 0
    assert "Stream 2 took over" in (tmp_path / "run.html").read_text()


class _Keeping(PlainDisplay):
    """Keeps the events of turns."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.shown: list[Event] = []

    def show(self, event: Event) -> None:
        self.shown += [event] if isinstance(event, WordsHeard | TurnBegan | TurnOver) else []


@pytest.mark.usefixtures("endpoint")
async def test_deepgram_flux_marks_each_turn_round_its_words():
    display, pause = _Keeping(), bytes(64_000)
    options = ListenOptions(endpoint=RemoteEndpoint(name=ENDPOINT_NAME), model="flux-general-en")
    source = spoken(marked_audio(0, 10) + pause + marked_audio(10, 10) + pause)
    outcome = await listen(source, options, display)
    kept = [event for event in display.shown if not isinstance(event, WordsHeard) or event.is_final]
    began, heard, over, began_again, heard_again, over_again = kept
    assert (began, began_again) == (TurnBegan(1, 0.0), TurnBegan(2, 3.0))
    assert isinstance(heard, WordsHeard)
    assert isinstance(heard_again, WordsHeard)
    assert heard.text.split() + heard_again.text.split() == words_up_to(20)
    assert outcome.turns == [over, over_again]
    assert outcome.turns[0].trigger == "model"
    assert 1.0 < outcome.turns[0].end < 3.0


async def test_each_model_is_asked_for_on_its_own_path(endpoint: SageMakerEmulator):
    for model, path in (("nova-3", "v1/listen"), ("flux-general-en", "v2/listen")):
        options = ListenOptions(endpoint=RemoteEndpoint(name=ENDPOINT_NAME), model=model)
        await listen(spoken(bytes(6400)), options, PlainDisplay(io.StringIO()))
        assert endpoint.streams[-1].path == path


async def test_the_multilingual_flux_is_given_the_language_as_a_hint(endpoint: SageMakerEmulator):
    options = ListenOptions(
        endpoint=RemoteEndpoint(name=ENDPOINT_NAME), model="flux-general-multi", language="es"
    )
    await listen(spoken(bytes(6400)), options, PlainDisplay(io.StringIO()))
    assert "language_hint=es" in endpoint.streams[-1].query


@pytest.mark.usefixtures("endpoint")
async def test_ctrl_c_keeps_what_was_said():
    """The source has no end of its own: the first Ctrl-C ends it, and the words are all there."""
    options = ListenOptions(endpoint=RemoteEndpoint(name=ENDPOINT_NAME))

    class Display(PlainDisplay):
        is_ended = False

        def show(self, event: Event) -> None:
            if isinstance(event, AudioFed) and event.seconds > 1.5 and not self.is_ended:
                self.is_ended = True
                signal.raise_signal(signal.SIGINT)
            super().show(event)

    source = spoken(marked_audio(0, 10) + bytes(16_000), has_end=False)
    async with asyncio.timeout(30):
        outcome = await listen(source, options, Display(io.StringIO()))
    assert words_of([outcome.text]) == words_up_to(10)
    assert outcome.is_interrupted


def concluded(*events: Event) -> int:
    outcome = Outcome(is_interrupted=True)
    for event in events:
        outcome.add(event)
    return conclude(outcome)


def test_ending_it_is_success(capsys: pytest.CaptureFixture[str]):
    assert concluded(HEARD) == 0
    assert capsys.readouterr().err == ""


def test_hearing_nothing_is_said(capsys: pytest.CaptureFixture[str]):
    assert concluded(AudioFed(12.0)) == 0
    assert capsys.readouterr().err == "no speech was recognised in 12 s\n"


@pytest.mark.parametrize("is_fatal", [True, False])
def test_a_problem_after_the_last_word_is_failure(is_fatal: bool):
    assert concluded(HEARD, ProblemReported("It broke.", is_fatal=is_fatal)) == 1
