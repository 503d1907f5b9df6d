# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What killed processes leave behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pipecat_sagemaker_deepgram.emulator.http.folders import PREFIX, TemporaryFolder

_MAKE_AND_WAIT = """
import sys
from pathlib import Path
from pipecat_sagemaker_deepgram.emulator.http.folders import TemporaryFolder
folder = TemporaryFolder(Path(sys.argv[1]))
(folder.path / "ca.pem").write_text("x")
print(folder.path, flush=True)
sys.stdin.read()
"""


def test_the_folder_of_a_killed_process_is_removed_by_the_next(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", _MAKE_AND_WAIT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        one = TemporaryFolder(tmp_path)
        assert theirs.exists(), "its process lives"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        two = TemporaryFolder(tmp_path)
    assert set(tmp_path.iterdir()) == {one.path, two.path}
    one.remove()
    two.remove()
    assert not list(tmp_path.iterdir())


def test_what_is_not_a_folder_of_an_emulator_is_left_alone(tmp_path: Path):
    others = {tmp_path / "other", tmp_path / f"{PREFIX}file"}
    for path in others:
        path.write_text("x")
    folder = TemporaryFolder(tmp_path)
    assert set(tmp_path.iterdir()) == {*others, folder.path}
    folder.remove()
