# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``--write-screenshot`` renews the picture of the offline bot that README shows."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-screenshot", action="store_true", help="rewrite docs/offline-bot.png")
