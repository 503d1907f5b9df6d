# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from collections.abc import Iterator

import pytest
from deepgram.transport import restore_transport


@pytest.fixture(autouse=True)
def own_transport_of_the_sdk() -> Iterator[None]:
    """The SDK has one factory for all of a process; in the end it has none again."""
    yield
    restore_transport()
