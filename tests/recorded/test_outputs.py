# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import json
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.recorded import Folder, Lines, OutputError, Source, Transcript
from pipecat_sagemaker_deepgram.recorded.outputs import JOURNAL_NAME, append_whole

from .transcripts import segment, transcript


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(b"sound")
    return [Source(str(tmp_path / name)) for name in ("a.wav", "b.wav")]


def folder(tmp_path: Path, sources: list[Source], *, settings: str = "s", **more) -> Folder:
    return Folder(tmp_path / "out", sources, "text", settings=settings, **more)


def lines(tmp_path: Path, *, settings: str = "s", **more) -> Lines:
    return Lines(tmp_path / "out.jsonl", settings=settings, **more)


def said(source: Source, text: str = "Hello.", **more) -> Transcript:
    return transcript(segment(text, 0.0), source=source.name, **more)


def sources_in(path: Path) -> list[str]:
    return [json.loads(line)["source"] for line in path.read_text().splitlines()]


# A directory


def test_what_is_written_is_done_with_in_the_next_run(tmp_path: Path, sources: list[Source]):
    first = folder(tmp_path, sources)
    assert not first.has(sources[0])
    first.write(sources[0], said(sources[0]))
    assert (tmp_path / "out/a.txt").read_text() == "Hello.\n"
    again = folder(tmp_path, sources)
    assert [again.has(source) for source in sources] == [True, False]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [JOURNAL_NAME, "a.txt"]


def test_a_recording_that_has_changed_is_done_again(tmp_path: Path, sources: list[Source]):
    folder(tmp_path, sources).write(sources[0], said(sources[0]))
    Path(sources[0].name).write_bytes(b"other sound")
    assert not folder(tmp_path, sources).has(sources[0])


def test_a_transcript_with_something_missing_is_made_again(tmp_path: Path, sources: list[Source]):
    folder(tmp_path, sources).write(sources[0], said(sources[0], problem="is cut off"))
    assert not folder(tmp_path, sources).has(sources[0])


def test_a_file_of_someone_elses_is_left_alone(tmp_path: Path, sources: list[Source]):
    out = folder(tmp_path, sources)
    (tmp_path / "out/a.txt").write_text("my notes")
    with pytest.raises(OutputError, match=r"a\.txt already exists, and something else"):
        out.has(sources[0])
    assert not folder(tmp_path, sources, overwrites=True).has(sources[0])


def test_other_settings_make_another_transcript(tmp_path: Path, sources: list[Source]):
    folder(tmp_path, sources).write(sources[0], said(sources[0]))
    with pytest.raises(OutputError, match="written with other settings"):
        folder(tmp_path, sources, settings="t").has(sources[0])


def test_a_journal_that_was_cut_off_is_read_as_far_as_it_goes(
    tmp_path: Path, sources: list[Source]
):
    out = folder(tmp_path, sources)
    for source in sources:
        out.write(source, said(source))
    journal = tmp_path / "out" / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:-10])
    again = folder(tmp_path, sources)
    assert again.has(sources[0])
    with pytest.raises(OutputError, match="something else"):
        again.has(sources[1])


def test_a_directory_that_cannot_be_is_said(tmp_path: Path, sources: list[Source]):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="out cannot be created: File exists"):
        folder(tmp_path, sources)


# A file of lines


def test_each_recording_has_a_line(tmp_path: Path, sources: list[Source]):
    out = lines(tmp_path)
    for source in sources:
        out.write(source, said(source))
    assert sources_in(tmp_path / "out.jsonl") == [source.name for source in sources]
    assert all(lines(tmp_path).has(source) for source in sources)


def test_a_line_that_was_cut_off_is_written_again(tmp_path: Path, sources: list[Source]):
    path, out = tmp_path / "out.jsonl", lines(tmp_path)
    for source in sources:
        out.write(source, said(source))
    path.write_bytes(path.read_bytes()[:-20])
    again = lines(tmp_path)
    assert [again.has(source) for source in sources] == [True, False]
    again.write(sources[1], said(sources[1]))
    assert sources_in(path) == [source.name for source in sources]


def test_a_line_that_is_made_again_takes_the_place_of_the_first(
    tmp_path: Path, sources: list[Source]
):
    for problem in ("is cut off", ""):
        lines(tmp_path).write(sources[0], said(sources[0], problem=problem))
    assert sources_in(tmp_path / "out.jsonl") == [sources[0].name]


@pytest.mark.parametrize("content", ["my notes\n", "my notes", '{"source": 1}'])
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: str):
    (tmp_path / "out.jsonl").write_text(content)
    with pytest.raises(OutputError, match="something other than transcripts"):
        lines(tmp_path)
    assert (tmp_path / "out.jsonl").read_text() == content


def test_a_file_of_lines_can_be_begun_anew(tmp_path: Path, sources: list[Source]):
    lines(tmp_path).write(sources[0], said(sources[0]))
    assert not lines(tmp_path, overwrites=True).has(sources[0])


def test_what_is_no_file_is_not_read(tmp_path: Path):
    (tmp_path / "out.jsonl").symlink_to("/dev/zero")
    with pytest.raises(OutputError, match="not a regular file"):
        lines(tmp_path)


# What goes wrong


def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, sources: list[Source]):
    out = lines(tmp_path)
    (tmp_path / "out.jsonl").unlink(missing_ok=True)
    (tmp_path / "out.jsonl").symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"out\.jsonl cannot be written: No space left"):
        out.write(sources[0], said(sources[0]))


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, sources: list[Source]):
    out = folder(tmp_path, sources)
    (tmp_path / "out/a.txt").mkdir()
    with pytest.raises(OutputError, match=r"a\.txt cannot be written: Is a directory"):
        out.write(sources[0], said(sources[0]))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]


def test_half_a_line_is_taken_away(tmp_path: Path):
    path = tmp_path / "lines"
    append_whole(path, b"one\n")
    append_whole(path, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
