# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Paragraphs and utterances."""

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo, RecognizedWord
from pipecat_sagemaker_deepgram.container.v1.messages import Envelope
from pipecat_sagemaker_deepgram.container.v1.response import HeardChannel, paragraphs, utterances

ENVELOPE = Envelope(request_id="r", model=ModelInfo("m", "1", "a", "u"), punctuate=True)


def spoken(text: str, *, pauses: dict[int, float] | None = None) -> tuple[RecognizedWord, ...]:
    """Words of 0.4 s with gaps of 0.1 s; ``pauses`` come before the words of these numbers."""
    words, at = [], 0.0
    for index, word in enumerate(text.split()):
        at += (pauses or {}).get(index, 0.1)
        words.append(RecognizedWord(word, at, at + 0.4))
        at += 0.4
    return tuple(words)


def test_sentences_end_at_their_marks():
    (paragraph,) = paragraphs(spoken("One two. Three? Four five! Six"))["paragraphs"]
    texts = [sentence["text"] for sentence in paragraph["sentences"]]
    assert texts == ["One two.", "Three?", "Four five!", "Six"]
    assert (paragraph["num_words"], paragraph["start"]) == (6, 0.1)


def test_a_pause_after_a_sentence_and_five_sentences_end_a_paragraph():
    written = paragraphs(spoken("A. B c. D. E. F. G. H. I.", pauses={1: 2.0, 2: 2.0}))
    assert written["transcript"] == "\nA.\n\nB c. D. E. F. G.\n\nH. I."
    assert [len(p["sentences"]) for p in written["paragraphs"]] == [1, 5, 2]


def test_without_words_there_are_no_paragraphs():
    assert paragraphs(()) == {"transcript": "", "paragraphs": []}


def test_utterances_are_cut_where_nothing_was_said_for_so_long():
    words = spoken("Here we are. Then there.", pauses={3: 0.8})
    reported = list(utterances(HeardChannel(ENVELOPE, words), 0.8))
    assert [utterance["transcript"] for utterance in reported] == ["Here we are.", "Then there."]
    assert [len(utterance["words"]) for utterance in reported] == [3, 2]
    assert len({utterance["id"] for utterance in reported}) == 2
    assert len(list(utterances(HeardChannel(ENVELOPE, words), 0.81))) == 1
