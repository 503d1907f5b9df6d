# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``--write-screenshot`` renews the picture of the offline bot in docs/bots.md."""

import warnings

import pytest

with warnings.catch_warnings():
    # Pipecat 1.14 subclasses what it deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.services.tts_service  # noqa: F401


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-screenshot", action="store_true", help="rewrite docs/offline-bot.png")
