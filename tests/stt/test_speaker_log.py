# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who was speaking when."""

from pipecat_sagemaker_deepgram.stt.speaker_log import MOST_SPEAKERS, SpeakerLog


def test_a_user_is_whose_audio_it_was_not_who_speaks_when_it_comes() -> None:
    log = SpeakerLog()
    assert log.at(3.0) == ""
    for user, position in (("alice", 0.0), ("alice", 1.0), ("bob", 2.0), ("alice", 4.0)):
        log.note(user, position)
    assert [log.at(at) for at in (-1.0, 0.0, 1.9, 2.0, 3.9, 9.0)] == [
        "alice", "alice", "alice", "bob", "bob", "alice",
    ]  # fmt: skip


def test_only_so_many_changes_of_speaker_are_remembered() -> None:
    log = SpeakerLog()
    for position in range(900 + MOST_SPEAKERS):
        log.note(f"u{position}", float(position))
    assert log.at(999.0) == "u999"
    assert log.at(0.0) == "u900"
