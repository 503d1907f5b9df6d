# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run the program with one import, on an endpoint that is not AWS: launch IMPORT URL ARGS..."""

import os
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent / "program.py"
THEIRS = "deepgram_sagemaker"
OURS = "pipecat_sagemaker_deepgram.deepgram_sdk"


def program_on(imported: str) -> str:
    """The program's text with its one import of a transport changed."""
    return PROGRAM.read_text().replace(f"from {THEIRS} import", f"from {imported} import")


def main() -> None:
    """Run it."""
    _, imported, url, *arguments = sys.argv
    if imported == THEIRS:
        from benchmarks.drivers.deepgram_transport import use_endpoint

        use_endpoint(url)
    os.environ["AWS_ENDPOINT_URL"] = url
    sys.argv = [str(PROGRAM), *arguments]
    exec(compile(program_on(imported), PROGRAM, "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    main()
