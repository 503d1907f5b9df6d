# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios for ``aws_sdk_client.py``, run all at once in one process, and what came of them."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.testing import LocalEndpoint

_SCRIPT = Path(__file__).with_name("aws_sdk_client.py")
_TIMEOUT = 100.0

CLOSE_STREAM: dict[str, Any] = {"say": {"type": "CloseStream"}}
KEEP_ALIVE: dict[str, Any] = {"say": {"type": "KeepAlive"}}

type Scenario = dict[str, Any]
type Item = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of one stream.

    Attributes:
        items: Messages and, as ``{"audio": BASE64}``, pieces of audio, in order.
        variant: The production variant that served it.
        ended: ``cleanly``, or the error that ended it.
        error: The exception that refused it, empty when it was accepted.
        message: The text of that.
    """

    items: list[Item]
    variant: str = ""
    ended: str = ""
    error: str = ""
    message: str = ""

    @property
    def messages(self) -> list[Item]:
        """The messages."""
        return [item for item in self.items if "audio" not in item]

    def of(self, kind: str) -> list[Item]:
        """The messages of a type, or with an event."""
        return [each for each in self.messages if kind in (each["type"], each.get("event"))]

    @property
    def audio(self) -> bytes:
        """The speech."""
        return b"".join(audio_of(item) for item in self.items)

    @property
    def words(self) -> list[str]:
        """The words of the finals of v1/listen."""
        return self.text.split()

    @property
    def text(self) -> str:
        """The transcripts of the finals of v1/listen."""
        finals = [each for each in self.of("Results") if each["is_final"]]
        said = [each["channel"]["alternatives"][0]["transcript"] for each in finals]
        return " ".join(filter(None, said))

    @property
    def turns(self) -> list[str]:
        """The transcripts of the turns of v2/listen."""
        return [each["transcript"] for each in self.of("EndOfTurn")]


def audio_of(item: Item) -> bytes:
    """The audio of an item; none of a message."""
    return base64.b64decode(item.get("audio", ""))


def audio_step(audio: bytes, *, chunk: int = 3200) -> dict[str, Any]:
    """The step that sends audio."""
    return {"audio": base64.b64encode(audio).decode(), "chunk": chunk}


def say(**message: Any) -> dict[str, Any]:
    """The step that sends a control message."""
    return {"say": message}


def scenario(path: str, query: str, *steps: dict[str, Any]) -> Scenario:
    """What one stream is to do."""
    return {"path": path, "query": query, "steps": steps}


def run_streams(
    endpoint: LocalEndpoint,
    scenarios: Mapping[str, Scenario],
    *,
    python: Path = Path(sys.executable),
) -> dict[str, Outcome]:
    """Run scenarios, all at once, with the AWS SDK that an interpreter has."""
    variables = {"PATH": os.environ["PATH"], **endpoint.environment}
    done = subprocess.run(
        [str(python), str(_SCRIPT)],
        input=json.dumps(list(scenarios.values())),
        env=variables | {"SSL_CERT_FILE": variables["AWS_CA_BUNDLE"]},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes = [Outcome(**each) for each in json.loads(done.stdout)]
    return dict(zip(scenarios, outcomes, strict=True))
