# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes recordings of any format, by streams faster than real time or by requests.

``decode`` reads a recording, ``RecordingTranscriber`` transcribes one, ``transcribe_files`` many.
Needs the extra ``recorded``, but not Pipecat.
"""

from pipecat_sagemaker_deepgram.recorded.bulk import Finished, transcribe_files
from pipecat_sagemaker_deepgram.recorded.decoding import Recording, decode, open_recording
from pipecat_sagemaker_deepgram.recorded.exceptions import OutputError, RecordingError
from pipecat_sagemaker_deepgram.recorded.journal import fingerprint
from pipecat_sagemaker_deepgram.recorded.outputs import Folder, Lines, Outputs, write_whole
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.planning import EndpointKnowledge, ModeWanted
from pipecat_sagemaker_deepgram.recorded.progress import (
    InterimArrived,
    Progress,
    RecordedEvent,
    SegmentArrived,
    TurnArrived,
)
from pipecat_sagemaker_deepgram.recorded.raw_format import RawFormat, raw_format_of
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings
from pipecat_sagemaker_deepgram.recorded.sources import RawDefaults, Source, find_sources
from pipecat_sagemaker_deepgram.recorded.transcriber import RECORDED_CONFIG, RecordingTranscriber
from pipecat_sagemaker_deepgram.recorded.transcript import (
    Interim,
    Latencies,
    RecordingStream,
    Segment,
    SpokenWord,
    Transcript,
    Turn,
    Waveform,
)
from pipecat_sagemaker_deepgram.recorded.writing import (
    OutputFormat,
    spoken_line,
    write_json,
    write_text,
    write_transcript,
)

__all__ = [
    "RECORDED_CONFIG",
    "EndpointKnowledge",
    "Finished",
    "Folder",
    "Interim",
    "InterimArrived",
    "Latencies",
    "Lines",
    "ModeWanted",
    "OutputError",
    "OutputFormat",
    "Outputs",
    "Pace",
    "Progress",
    "RawDefaults",
    "RawFormat",
    "RecordedEvent",
    "RecordedSettings",
    "Recording",
    "RecordingError",
    "RecordingStream",
    "RecordingTranscriber",
    "Segment",
    "SegmentArrived",
    "Source",
    "SpokenWord",
    "Transcript",
    "Turn",
    "TurnArrived",
    "Waveform",
    "decode",
    "find_sources",
    "fingerprint",
    "open_recording",
    "raw_format_of",
    "spoken_line",
    "transcribe_files",
    "write_json",
    "write_text",
    "write_transcript",
    "write_whole",
]
