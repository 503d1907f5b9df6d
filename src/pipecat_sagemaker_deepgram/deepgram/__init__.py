# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram says, and what is said to it. Pure.

Imports the standard library, without ``asyncio``, ``time``, ``random`` and ``os``, and this
package's exceptions. Sources: Deepgram's API reference and its AsyncAPI specification.
"""
