# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Error codes of AWS and Deepgram. Pure.

A code may appear in any log line. The text next to it may quote what was said, and a field that
should contain a code may contain such a text instead.
"""

import re

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def code_in(value: object) -> str:
    """Return a value as text if it looks like a code, such as ``ModelError``; else ``""``."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _CODE.fullmatch(text) else ""
