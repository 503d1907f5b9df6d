# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's messages, queries and protocols. Pure.

This package never imports ``asyncio``, ``time``, ``random`` or ``os``. Sources: Deepgram's API
reference and its AsyncAPI specification.
"""
