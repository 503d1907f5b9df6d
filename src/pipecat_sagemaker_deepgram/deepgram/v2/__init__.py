# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Flux's protocol, v2/listen: its messages, its query, and the conversation. Pure."""
