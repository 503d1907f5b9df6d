# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Starts the processes of the server and the clients."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.access import Access

ROOT = Path(__file__).parent.parent

_KEEPS_NOTHING = "PYTHONDONTWRITEBYTECODE"


class FailedProcessError(RuntimeError):
    """A process of the benchmark failed."""


@dataclass
class Server:
    """A running server.

    Attributes:
        access: Its address.
        seen: Its record, known once it has ended.
    """

    access: Access
    seen: dict[str, Any] = field(default_factory=dict)


@contextmanager
def running_server(behaviour: Mapping[str, Any]) -> Iterator[Server]:
    """Run the server in a process of its own.

    Raises:
        FailedProcessError: It did not start or end as it should.
    """
    command = [sys.executable, "-m", "benchmarks.server", json.dumps(behaviour)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            server = Server(Access(**_json_line(process.stdout.readline())))
            yield server
            process.stdin.close()
            server.seen = _json_line(process.stdout.readline())
        finally:
            process.kill()


def run_client(
    module: str, spec: Any, access: Access, *, python: Path | str, timeout: float
) -> dict[str, Any]:
    """Run a client process to its end.

    Args:
        module: The process's main module.
        spec: Its task, a dataclass.
        access: The address of the server.
        python: The interpreter of its environment.
        timeout: Most seconds it may take.

    Returns:
        Its answer.

    Raises:
        FailedProcessError: It did not return one.
    """
    command = [python, "-m", module, json.dumps(asdict(spec)), json.dumps(asdict(access))]
    environment = {**child_environment(), **access.environment(), "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        raise FailedProcessError(f"{module} did not end within {timeout:g} s") from error
    try:
        return _json_line(done.stdout)
    except FailedProcessError as error:
        raise FailedProcessError(f"{module} failed:\n{done.stderr[-2000:]}") from error


def child_environment() -> dict[str, str]:
    """Environment variables under which Python keeps what it has compiled, as it does for users."""
    return {name: value for name, value in os.environ.items() if name != _KEEPS_NOTHING}


def _json_line(text: str) -> dict[str, Any]:
    lines = text.strip().splitlines()
    if not lines:
        raise FailedProcessError("a process of the benchmark ended without an answer")
    return json.loads(lines[-1])
