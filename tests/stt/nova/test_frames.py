# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Frames say what, who and in which language."""

from typing import Any

import pytest
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Alternative, Results, Word
from pipecat_sagemaker_deepgram.deepgram.v1.transcripts import FreshTranscript
from pipecat_sagemaker_deepgram.stt.nova.frames import (
    interim_frame,
    language_of,
    speaker_id,
    transcription_frames,
)

BODY: dict[str, Any] = {"type": "Results"}


def _word(text: str, speaker: int | None, start: float = 0.0) -> Word:
    return Word(text.lower(), start, start + 0.1, text, speaker)


def _alice(_: float) -> str:
    return "alice"


def _final(best: Alternative, *, duration: float, channel: int = 0) -> Results:
    return Results(
        channel=channel,
        channels=2,
        start=0.0,
        duration=duration,
        is_final=True,
        alternative=best,
    )


def _transcript(
    *words: tuple[str, int | None], languages: tuple[str, ...] = (), channel: int = 0
) -> FreshTranscript:
    found = tuple(_word(*word) for word in words)
    text = " ".join(word.text for word in found)
    best = Alternative(text, found, languages)
    return FreshTranscript(_final(best, duration=1.0, channel=channel), BODY)


def _frames(transcript: FreshTranscript, **how: Any) -> list[tuple[str, str]]:
    options = {"user_at": _alice, "timestamp": "now", "by_speaker": False, "by_channel": False}
    return [
        (frame.user_id, frame.text) for frame in transcription_frames(transcript, **options | how)
    ]


def test_a_final_is_one_frame_with_its_message() -> None:
    (frame,) = transcription_frames(
        _transcript(("Hello", None), languages=("de",)),
        user_at=_alice,
        timestamp="now",
        by_speaker=False,
        by_channel=False,
    )
    assert (frame.text, frame.user_id, frame.timestamp) == ("Hello", "alice", "now")
    assert frame.language is Language.DE
    assert frame.result is BODY


def test_each_run_of_one_speaker_is_a_frame() -> None:
    transcript = _transcript(("Hello.", 0), ("Hi.", 1), ("How", 1), ("Fine.", 0))
    assert _frames(transcript, by_speaker=True) == [
        ("alice:0", "Hello."),
        ("alice:1", "Hi. How"),
        ("alice:0", "Fine."),
    ]


def test_words_of_nobody_are_the_users() -> None:
    assert _frames(_transcript(("Hello", None)), by_speaker=True) == [("alice", "Hello")]


def test_text_without_words_is_still_a_frame() -> None:
    transcript = FreshTranscript(_final(Alternative("Hello"), duration=1.0), BODY)
    assert _frames(transcript, by_speaker=True) == [("alice", "Hello")]


def _turns() -> FreshTranscript:
    """Alice's words until 2 s, then Bob's, who takes over in the first tenth of his first word."""
    found = (_word("Is", 0, 1.0), _word("it?", 0, 1.5), _word("It", 1, 1.99), _word("is.", 1, 2.5))
    return FreshTranscript(_final(Alternative("Is it? It is.", found), duration=8.0), BODY)


def _alice_then_bob(time: float) -> str:
    return "alice" if time < 2.0 else "bob"


def test_a_frame_is_of_the_user_who_said_its_first_word() -> None:
    assert _frames(_turns(), user_at=_alice_then_bob) == [("alice", "Is it? It is.")]
    interim = interim_frame(_turns(), user_at=_alice_then_bob, timestamp="now", by_channel=False)
    assert interim.user_id == "alice"


def test_each_speakers_frame_is_of_the_user_who_said_its_own_first_word() -> None:
    assert _frames(_turns(), user_at=_alice_then_bob, by_speaker=True) == [
        ("alice:0", "Is it?"),
        ("bob:1", "It is."),
    ]


def test_text_without_words_is_of_the_user_in_the_middle_of_its_audio() -> None:
    transcript = FreshTranscript(_final(Alternative("It is."), duration=8.0), BODY)
    assert _frames(transcript, user_at=_alice_then_bob) == [("bob", "It is.")]


def test_channels_are_told_apart_where_asked_for() -> None:
    transcript = _transcript(("Hello", 3), channel=1)
    assert _frames(transcript, by_channel=True) == [("alice:channel1", "Hello")]
    assert _frames(transcript, by_channel=True, by_speaker=True) == [("alice:channel1:3", "Hello")]
    frame = interim_frame(transcript, user_at=lambda _: "", timestamp="now", by_channel=True)
    assert (frame.user_id, frame.text) == ("channel1", "Hello")


@pytest.mark.parametrize(
    ("user", "channel", "speaker", "reported"),
    [
        ("", None, None, ""),
        ("", 0, None, "channel0"),
        ("", None, 2, "2"),
        ("", None, "2", "2"),
        ("alice", None, None, "alice"),
        ("alice", 0, 2, "alice:channel0:2"),
    ],
)
def test_a_speaker_is_named_by_what_is_known(
    user: str, channel: int | None, speaker: int | str | None, reported: str
) -> None:
    assert speaker_id(user, channel=channel, speaker=speaker) == reported


@pytest.mark.parametrize(
    ("languages", "found"),
    [((), None), (("fr", "de"), Language.FR), (("no-such-language",), None), (("multi",), None)],
)
def test_a_language_that_pipecat_does_not_know_is_none(
    languages: tuple[str, ...], found: Language | None
) -> None:
    assert language_of(_transcript(languages=languages).results) == found


@pytest.mark.parametrize(
    ("languages", "asked", "found"),
    [
        ((), "es", Language.ES),
        ((), "multi", None),
        ((), None, None),
        (("fr",), "es", Language.FR),
        (("no-such-language",), "es", None),
    ],
)
def test_where_the_container_names_no_language_it_is_the_one_that_was_asked_for(
    languages: tuple[str, ...], asked: str | None, found: Language | None
) -> None:
    transcript = _transcript(("Hola", None), languages=languages)
    (final,) = transcription_frames(
        transcript,
        user_at=_alice,
        timestamp="now",
        language=asked,
        by_speaker=False,
        by_channel=False,
    )
    interim = interim_frame(
        transcript, user_at=_alice, timestamp="now", language=asked, by_channel=False
    )
    assert (final.language, interim.language) == (found, found)
