# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram says and is told. Pure.

Imports the standard library alone, and of it neither ``asyncio`` nor ``time``, ``random`` or
``os``. Sources: Deepgram's API reference and its AsyncAPI specification.
"""
