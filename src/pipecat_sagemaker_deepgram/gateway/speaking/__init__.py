# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams of v1/speak and v2/speak: a client's WebSocket, and the session behind it."""
