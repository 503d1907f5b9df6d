# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One connection of v2/listen, without a socket."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.container import (
    FluxOptions,
    MoonshineRecognizer,
    ScriptedBehavior,
    ScriptedRecognizer,
    ScriptedTurns,
    marked_audio,
)
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.v2.bundle import BUNDLES
from pipecat_sagemaker_deepgram.container.v2.listen import ListenV2

from .turn_rules import finished_turns, largest_gap

CLOSE = '{"type":"CloseStream"}'
FORCE = '{"type":"ForceEndTurn"}'
ENGLISH = "model=flux-general-en&encoding=linear16&sample_rate=16000"
MULTILINGUAL = ENGLISH.replace("-en", "-multi")


def silence(seconds: float) -> bytes:
    return bytes(2 * round(16000 * seconds))


def numbered(first: int, count: int) -> str:
    return " ".join(f"w{first + i}" for i in range(count))


def configure(**settings: object) -> str:
    return json.dumps({"type": "Configure", **settings})


class Dialogue:
    """A dialogue that collects its answers."""

    def __init__(
        self,
        more: str = "",
        *,
        query: str = ENGLISH,
        turns: ScriptedTurns | None = None,
        **options,
    ) -> None:
        recognizer = ScriptedRecognizer(ScriptedBehavior(turns=turns or ScriptedTurns()))
        flux = FluxOptions(**options)
        checked = ListenV2.check(query + more, recognizer, flux)
        self.listen = ListenV2(checked, recognizer, options=flux, request_id="r-1")
        self.answers = [json.loads(answer) for answer in self.listen.open()]

    def say(self, *frames: str | bytes) -> "Dialogue":
        for frame in frames:
            answers = self.listen.handle(self.listen.parse(frame))
            self.answers += [json.loads(answer) for answer in answers]
        return self

    @property
    def events(self) -> list[str]:
        """Names of the events but for updates, and types of all other messages."""
        names = [answer.get("event", answer["type"]) for answer in self.answers]
        return [name for name in names if name not in ("Update", "Connected")]

    @property
    def turns(self) -> list[str]:
        """The texts of the finished turns, all rules checked."""
        return finished_turns(self.answers)


def test_the_greeting_comes_first_and_alone():
    assert Dialogue().answers == [{"type": "Connected", "request_id": "r-1", "sequence_id": 0}]


def test_silence_is_reported_every_quarter_of_a_second():
    dialogue = Dialogue().say(silence(2.1))
    assert [answer["audio_window_end"] for answer in dialogue.answers[1:]] == [
        0.25 * i for i in range(1, 9)
    ]
    assert dialogue.turns == []


def test_each_pause_ends_a_turn():
    audio = marked_audio(0, 4) + silence(0.5) + marked_audio(4, 3) + silence(0.5)
    dialogue = Dialogue().say(audio)
    assert dialogue.turns == [numbered(0, 4), numbered(4, 3)]
    assert dialogue.events == ["StartOfTurn", "EndOfTurn"] * 2
    first, second = (a for a in dialogue.answers if a.get("event") == "EndOfTurn")
    assert (first["audio_window_start"], first["audio_window_end"]) == (0.0, 0.8)
    assert (second["audio_window_start"], second["audio_window_end"]) == (0.8, 1.6)
    assert (first["trigger"], first["end_of_turn_confidence"]) == ("model", 0.7)
    assert first["words"][1] == {"word": "w1", "confidence": 1.0, "start": 0.1, "end": 0.2}


def test_an_eager_end_is_resumed_or_comes_true():
    dialogue = Dialogue("&eager_eot_threshold=0.35")
    dialogue.say(marked_audio(0, 3), silence(0.3), marked_audio(3, 3), silence(0.5))
    assert dialogue.events == [
        "StartOfTurn",
        "EagerEndOfTurn",
        "TurnResumed",
        "EagerEndOfTurn",
        "EndOfTurn",
    ]
    assert finished_turns(dialogue.answers, eager=True) == [numbered(0, 6)]


def test_a_turn_without_confidence_times_out_on_audio_time():
    dialogue = Dialogue("&eot_threshold=1.0&eot_timeout_ms=1000")
    dialogue.say(marked_audio(0, 2), silence(0.9), marked_audio(2, 1), silence(0.9))
    assert dialogue.turns == []
    dialogue.say(silence(0.1))
    assert dialogue.turns == [numbered(0, 3)]
    assert dialogue.answers[-1]["trigger"] == "timeout"


def test_forcing_ends_the_turn_with_the_newest_update():
    dialogue = Dialogue().say(marked_audio(0, 3), FORCE, marked_audio(3, 2), silence(1))
    assert dialogue.turns == [numbered(0, 3), numbered(3, 2)]
    at = next(i for i, a in enumerate(dialogue.answers) if a.get("trigger") == "manual")
    update, end = dialogue.answers[at - 1 : at + 1]
    assert (update["event"], update["transcript"]) == ("Update", end["transcript"])
    assert end["end_of_turn_confidence"] == 0.0


def test_forcing_without_a_turn_is_only_warned_of():
    dialogue = Dialogue().say(FORCE, silence(0.5), FORCE)
    warning = dialogue.answers[1]
    assert (warning["type"], warning["code"]) == ("Warning", "FORCE_END_TURN_NO_ACTIVE_TURN")
    assert warning["request_id"] == "r-1"
    assert dialogue.events == ["Warning", "Warning"]
    assert dialogue.turns == []
    assert not dialogue.listen.is_finished


def test_a_configure_is_echoed_in_full_and_holds_for_what_follows():
    dialogue = Dialogue("&keyterm=a", query=MULTILINGUAL)
    dialogue.say(marked_audio(0, 2), configure(thresholds={"eager_eot_threshold": 0.35}))
    assert dialogue.answers[-1] == {
        "type": "ConfigureSuccess",
        "request_id": "r-1",
        "sequence_id": 2,
        "thresholds": {"eot_threshold": 0.7, "eager_eot_threshold": 0.35, "eot_timeout_ms": 5000},
        "keyterms": ["a"],
        "language_hints": [],
        "numerals": False,
    }
    assert dialogue.say(silence(0.5)).events[2:] == ["EagerEndOfTurn", "EndOfTurn"]


def test_a_failed_configure_changes_nothing():
    dialogue = Dialogue().say(
        configure(thresholds={"eot_threshold": 0.9, "eager_eot_threshold": 0.95}, keyterms=["x"]),
        configure(),
    )
    failure, success = dialogue.answers[1:]
    assert (failure["type"], failure["code"]) == ("ConfigureFailure", "INVALID_THRESHOLD")
    assert success["thresholds"] == {"eot_threshold": 0.7, "eot_timeout_ms": 5000}
    assert success["keyterms"] == []


@pytest.mark.parametrize(
    ("bundle", "text"),
    [
        ("2026-03", configure()),
        ("2026-06", FORCE),
        ("current", '{"type":"KeepAlive"}'),
        ("current", '{"type":"Finalize"}'),
        ("current", configure(numerals="true")),
        ("current", "not JSON"),
    ],
)
def test_what_a_bundle_cannot_parse_is_fatal(bundle, text):
    dialogue = Dialogue(bundle=bundle).say(marked_audio(0, 2), text)
    error = dialogue.answers[-1]
    assert (error["type"], error["code"]) == ("Error", "UNPARSABLE_CLIENT_MESSAGE")
    assert (error["sequence_id"], "request_id" in error) == (2, False)
    assert dialogue.listen.is_finished
    assert dialogue.listen.close_code is None


def test_close_stream_ends_the_open_turn_where_it_finalizes():
    dialogue = Dialogue(closestream_finalizes=True, turns=ScriptedTurns(lag=0.3, word_lag=0.2))
    dialogue.say(marked_audio(0, 5), CLOSE)
    assert dialogue.turns == [numbered(0, 5)]
    assert dialogue.answers[-1]["audio_window_end"] == 0.5
    assert dialogue.listen.is_finished


def test_close_stream_only_updates_the_open_turn_where_it_does_not():
    dialogue = Dialogue(closestream_finalizes=False, turns=ScriptedTurns(lag=0.3, word_lag=0.2))
    dialogue.say(marked_audio(0, 5), CLOSE)
    last = dialogue.answers[-1]
    assert (last["event"], last["transcript"]) == ("Update", numbered(0, 5))
    assert last["audio_window_end"] == 0.5
    assert dialogue.turns == []
    assert dialogue.listen.is_finished


def test_forcing_then_closing_gives_a_final_from_a_container_that_does_not_finalize():
    dialogue = Dialogue().say(marked_audio(0, 5), FORCE, CLOSE)
    assert dialogue.turns == [numbered(0, 5)]
    assert dialogue.answers[-1]["event"] == "EndOfTurn"


@pytest.mark.parametrize("finalizes", [True, False])
def test_closing_without_audio_says_nothing_more(finalizes):
    dialogue = Dialogue(closestream_finalizes=finalizes).say(CLOSE)
    assert len(dialogue.answers) == 1
    assert dialogue.listen.is_finished


def test_the_multilingual_model_reports_languages():
    dialogue = Dialogue("&language_hint=en&language_hint=es", query=MULTILINGUAL)
    dialogue.say(silence(0.25), marked_audio(0, 1))
    silent, started = dialogue.answers[1:]
    assert (silent["languages"], silent["languages_hinted"]) == ([], ["en", "es"])
    assert started["languages"] == ["en"]
    dialogue.say(configure(language_hints=[]), silence(0.5))
    assert dialogue.answers[-1]["languages_hinted"] == []


@pytest.mark.parametrize("bundle", ["2026-03", "2026-04", "2026-06"])
def test_dated_bundles_report_no_details(bundle):
    dialogue = Dialogue(query=MULTILINGUAL, bundle=bundle).say(marked_audio(0, 2), silence(0.5))
    end = next(a for a in dialogue.answers if a.get("event") == "EndOfTurn")
    assert not {"trigger", "languages", "languages_hinted"} & set(end)
    assert end["words"][0] == {"word": "w0", "confidence": 1.0}


def test_other_encodings_and_rates_are_heard():
    query = "model=flux-general-en&encoding=linear16&sample_rate=44100"
    dialogue = Dialogue(query=query).say(marked_audio(0, 4, sample_rate=44100), bytes(88200))
    assert dialogue.turns == [numbered(0, 4)]


def test_a_recognizer_without_the_language_refuses():
    class EnglishOnly(ScriptedRecognizer):
        def supports_language(self, language: str) -> bool:
            return language == "en"

    ListenV2.check(ENGLISH, EnglishOnly(), FluxOptions())
    with pytest.raises(QueryError, match="No such model"):
        ListenV2.check(MULTILINGUAL, EnglishOnly(), FluxOptions())
    ListenV2.check(MULTILINGUAL, MoonshineRecognizer(), FluxOptions())


@dataclass(frozen=True)
class Words:
    count: int


@dataclass(frozen=True)
class Pause:
    seconds: float


thresholds = st.fixed_dictionaries(
    {},
    optional={
        "eot_threshold": st.sampled_from([0.5, 0.7, 0.9, 1.0, 1.1]),
        "eager_eot_threshold": st.sampled_from([0.3, 0.5, 0.9]),
        "eot_timeout_ms": st.sampled_from([499, 500, 1000, 5000]),
    },
)
moves = st.lists(
    st.one_of(
        st.builds(Words, st.integers(1, 6)),
        st.builds(Pause, st.sampled_from([0.1, 0.25, 0.4, 0.6, 1.2])),
        st.builds(lambda found: configure(thresholds=found), thresholds),
        st.just(FORCE),
    ),
    max_size=14,
)
scripts = st.builds(
    ScriptedTurns,
    pause=st.sampled_from([0.2, 0.4]),
    lag=st.sampled_from([0.0, 0.37]),
    word_lag=st.sampled_from([0.0, 0.1, 0.9]),
)


@settings(deadline=None, max_examples=60)
@given(moves, scripts, st.booleans(), st.integers(100, 4000))
def test_whatever_is_said_the_rules_hold_and_each_word_is_in_one_turn(
    moves, turns, is_eager, chunk
):
    """Words and pauses, cut anywhere, with settings changed and ends forced between them."""
    more = "&eager_eot_threshold=0.4" if is_eager else ""
    dialogue = Dialogue(more, turns=turns, closestream_finalizes=True)
    spoken = 0
    for move in [*moves, CLOSE]:
        if isinstance(move, str):
            dialogue.say(move)
            continue
        audio = b""
        if isinstance(move, Words):
            audio = marked_audio(spoken, move.count)
            spoken += move.count
        else:
            audio = silence(move.seconds)
        dialogue.say(*(audio[at : at + chunk] for at in range(0, len(audio), chunk)))
    found = finished_turns(dialogue.answers, eager=is_eager)
    assert " ".join(found) == numbered(0, spoken)
    assert largest_gap(dialogue.answers) <= 0.25 + 1e-6


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=12), scripts)
def test_the_messages_depend_on_the_audio_not_on_its_frames(sizes, turns):
    audio = silence(0.3) + marked_audio(0, 7) + silence(0.9) + marked_audio(7, 4) + silence(0.2)
    whole = Dialogue(turns=turns).say(audio, CLOSE).answers
    cut, at = Dialogue(turns=turns), 0
    while at < len(audio):
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        cut.say(audio[at : at + size])
        at += size
    assert cut.say(CLOSE).answers == whole


@pytest.mark.parametrize("bundle", BUNDLES)
def test_an_empty_frame_ends_the_stream(bundle):
    dialogue = Dialogue(bundle=bundle).say(marked_audio(0, 1), b"")
    assert dialogue.listen.is_finished
