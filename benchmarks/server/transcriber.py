# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The container's messages about the audio it hears. Pure."""

from benchmarks.marks import FRAME_BYTES, FRAME_SECONDS, MARK, WORD_SECONDS, completes_word, word_of

WORDS_PER_FINAL = 10


class Transcriber:
    """One v1/listen stream: an interim for each 100 ms heard, a final for each second.

    Args:
        request_id: The id of its stream in its messages.
    """

    def __init__(self, request_id: str) -> None:
        self._request_id = request_id
        self.session = 0
        self.heard_seconds = 0.0
        self._rest = b""
        self._start = 0.0
        self._words: list[str] = []
        self._texts: list[str] = []

    def hear(self, audio: bytes) -> list[bytes]:
        """Take audio and return the resulting messages."""
        if self._rest:
            audio = self._rest + audio
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        messages = []
        for at in range(0, whole, FRAME_BYTES):
            session, number = MARK.unpack_from(audio, at)
            self.heard_seconds += FRAME_SECONDS
            if completes_word(number):
                self.session = session
                self._add_word(word_of(number))
                messages.append(self._results(is_final=len(self._words) >= WORDS_PER_FINAL))
        return messages

    def finalize(self) -> bytes:
        """The final that answers ``Finalize``."""
        return self._results(is_final=True, from_finalize=True)

    def close(self) -> list[bytes]:
        """The last final, and the metadata that end a stream."""
        metadata = (
            f'{{"type":"Metadata","request_id":"{self._request_id}",'
            f'"sha256":"{"0" * 64}","created":"2026-01-01T00:00:00Z",'
            f'"duration":{self.heard_seconds:.2f},"channels":1}}'
        )
        return [self._results(is_final=True), metadata.encode()]

    def _add_word(self, word: int) -> None:
        end = self.heard_seconds
        self._texts.append(f"w{word}")
        self._words.append(
            f'{{"word":"w{word}","start":{end - WORD_SECONDS:.2f},"end":{end:.2f},'
            f'"confidence":0.99,"punctuated_word":"w{word}"}}'
        )

    def _results(self, *, is_final: bool, from_finalize: bool = False) -> bytes:
        final, confirmed = str(is_final).lower(), str(from_finalize).lower()
        message = (
            '{"type":"Results","channel_index":[0,1],'
            f'"duration":{self.heard_seconds - self._start:.2f},"start":{self._start:.2f},'
            f'"is_final":{final},"speech_final":false,"channel":{{"alternatives":[{{'
            f'"transcript":"{" ".join(self._texts)}","confidence":0.99,'
            f'"words":[{",".join(self._words)}]}}]}},'
            f'"metadata":{{"request_id":"{self._request_id}","model_info":{{'
            '"name":"general-nova-3","version":"2026-01-01.0","arch":"nova-3"},'
            '"model_uuid":"bench"},'
            f'"from_finalize":{confirmed}}}'
        )
        if is_final:
            self._start = self.heard_seconds
            self._words.clear()
            self._texts.clear()
        return message.encode()
