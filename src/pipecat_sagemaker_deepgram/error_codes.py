# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Codes of errors, as AWS and Deepgram write them. Pure.

A code may stand in any log line. The text beside it may quote what was said, and where a code is
expected there may be such a text.
"""

import re

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def code_in(value: object) -> str:
    """A value as text if it reads like a code, such as ``ModelError`` or ``1011``; else nothing."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _CODE.fullmatch(text) else ""
