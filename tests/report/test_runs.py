# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import msgspec
import pytest

from pipecat_sagemaker_deepgram.recorded.transcript import Transcript
from pipecat_sagemaker_deepgram.recorded.writing import write_json
from pipecat_sagemaker_deepgram.report import ReportError, read_runs

from .run_with_breaks import broken_run


def test_a_file_holds_a_run_a_line():
    lines = "\n".join([write_json(broken_run()), "", write_json(Transcript(source="b"))])
    first, second = read_runs(lines.encode(), name="runs.jsonl")
    assert (first, second.source) == (broken_run(), "b")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "runs.json is empty"),
        (b"{}", "runs.json, line 1, is not a run"),
        (b"\n[1]", "line 2, is not a run"),
        (b"\xff", "line 1, is not a run"),
        (msgspec.json.encode(Transcript(schema="x/9", source="a")), "has the schema 'x/9'"),
    ],
)
def test_what_is_no_run_is_refused(content: bytes, says: str):
    with pytest.raises(ReportError, match=says.replace("'", ".")):
        read_runs(content, name="runs.json")
