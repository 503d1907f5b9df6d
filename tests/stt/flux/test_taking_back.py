# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A turn whose end takes all its words back: the pipeline is told of none, and goes on."""

from dataclasses import replace

from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer, ScriptedTurns
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing, RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.scripted.turns import ScriptedTurnSession

from ...flux_pipelines import PAUSE, flux, flux_running, turns_of
from ...local_path import local_path, marked_audio, words

TURNS = ScriptedTurns(pause=0.4)


class _ThinksAgain(ScriptedTurnSession):
    """Finds, as a turn ends, that the words below 10 were none."""

    def listen(self) -> Hearing | None:
        hearing = super().listen()
        if hearing is None or hearing.silence < 0.3 or not hearing.words:
            return hearing
        first = hearing.words[0]
        if int(first.text[1:]) >= 10:
            return hearing
        return replace(hearing, words=(RecognizedWord("", first.start, first.end),))


class _Recognizer(ScriptedRecognizer):
    def open_turn_session(self, sample_rate: int) -> ScriptedTurnSession:
        return _ThinksAgain(sample_rate, TURNS)


async def test_a_turn_that_is_taken_back_is_shown_ends_and_is_not_pushed() -> None:
    recognizer = _Recognizer(ScriptedBehavior(turns=TURNS))
    async with local_path(recognizer=recognizer) as path:
        async with flux_running(flux(path)) as pipeline:
            await pipeline.speak(marked_audio(0, 8) + PAUSE)
            await pipeline.speak(marked_audio(10, 8) + PAUSE)
    reported = ["start", "interim", "stop", "start", "interim", "final", "stop"]
    assert turns_of(pipeline) == reported
    assert pipeline.words == words(10, 8)
    ends = [each for each in pipeline.handled if each[0] == "on_end_of_turn"]
    assert ends == [("on_end_of_turn", ""), ("on_end_of_turn", " ".join(words(10, 8)))]
