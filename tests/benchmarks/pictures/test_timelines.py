# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

import pytest
from benchmarks.pictures.__main__ import draw
from benchmarks.pictures.soak_runs import SoakRun, WordHeard, read_soak, write_soak
from benchmarks.pictures.timelines import draw_timelines, spans_of, title_of

from pipecat_sagemaker_deepgram.recorded.transcript import RecordingStream
from pipecat_sagemaker_deepgram.report import read_runs

from .drawn import MOST_BYTES, marks_of, texts_of


def a_run(name: str = "seed 1", *, problem: str = "") -> SoakRun:
    run = SoakRun(
        source=name,
        took=4.0,
        streams=[
            RecordingStream(number=1, opened=0.5, lost=1.5, cause="cut"),
            RecordingStream(number=2, opened=2.0),
            RecordingStream(number=3, opened=3.0),
        ],
        heard=[WordHeard(said=1.0, heard=1.25), WordHeard(said=1.25, heard=2.5)],
    )
    run.note_problem(problem)
    return run


def test_streams_follow_each_other_and_a_break_is_between_them() -> None:
    spans = [(span["what"], span["began"], span["ended"]) for span in spans_of(a_run())]
    assert spans == [
        ("stream", 0.5, 1.5),
        ("no stream", 1.5, 2.0),
        ("stream", 2.0, 3.0),
        ("stream", 3.0, 4.0),
    ]


def test_a_run_that_never_came_back_is_without_a_stream_to_its_end() -> None:
    run = a_run()
    del run.streams[1:]
    assert [span["ended"] for span in spans_of(run)] == [1.5, 4.0]


def test_each_run_is_a_line_and_each_word_a_dot() -> None:
    picture = draw_timelines([a_run("seed 1"), a_run("seed 2", problem="a word is lost")])
    texts = texts_of(picture)
    assert {"seed 1", "seed 2"} <= set(texts)
    assert len(marks_of(picture, "bar")) == 8
    assert len(marks_of(picture, "circle")) == 2, "the same words of both runs are one dot"
    assert "2 runs, 2 streams lost, 4 words heard; 1 run failed" in texts
    assert picture == draw_timelines([a_run("seed 1"), a_run("seed 2", problem="a word is lost")])


def test_two_hundred_runs_stay_small() -> None:
    picture = draw_timelines([a_run(f"seed {number}") for number in range(200)])
    assert len(picture) < MOST_BYTES
    assert title_of([a_run()]) == "1 run, 1 stream lost, 2 words heard; 0 runs failed"


def test_a_record_is_read_again_drawn_again_and_is_a_report_too(tmp_path: Path) -> None:
    runs = [a_run("seed 1"), a_run("seed 2", problem="a word is lost")]
    record = tmp_path / "soak.jsonl"
    record.write_bytes(write_soak(runs))
    assert read_soak(record.read_bytes()) == runs
    assert draw(record) == draw_timelines(runs)
    assert [run.problem for run in read_runs(record.read_bytes(), name="soak")] == [
        "",
        "a word is lost",
    ]


@pytest.mark.parametrize("name", ["other.json", "other.jsonl"])
def test_something_else_cannot_be_drawn(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("[1]")
    with pytest.raises(ValueError, match="Expected"):
        draw(tmp_path / name)
