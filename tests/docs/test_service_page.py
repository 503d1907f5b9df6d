# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The draft for Pipecat's documentation names every event, and reads outside the repository."""

import re

import pytest

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService, DeepgramSageMakerSTTService

from .pages import DOCS, HOME, ROOT, text_of

PAGE = text_of(DOCS / "pipecat-service-page.md")
OF_BOTH, OF_NOVA, OF_FLUX = (
    set(re.findall(r"^\| `(on_\w+)`", table, re.MULTILINE))
    for table in PAGE.split("| event | arguments")[1:]
)
PIPECATS = {"on_before_process_frame", "on_after_process_frame", "on_error"}
"""What every processor of Pipecat has, or every service."""


@pytest.mark.parametrize(
    ("service", "own"),
    [(DeepgramSageMakerSTTService, OF_NOVA), (DeepgramFluxSageMakerSTTService, OF_FLUX)],
)
def test_the_events_are_those_of_the_service(service: type, own: set[str]) -> None:
    registered = service(endpoint_name="deepgram", region="us-east-1")._event_handlers
    more = {name for name in registered if name.endswith("_push_frame")} | PIPECATS
    assert OF_BOTH | own == set(registered) - more


def test_its_links_can_be_copied_and_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [link for link in links if not link.startswith("https://")] == []
    paths = [link.removeprefix(f"{HOME}/blob/main/") for link in links if "/blob/main/" in link]
    assert [path for path in paths if not (ROOT / path).is_file()] == []
