# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Clients that others wrote, unmodified, against the container and the gateway before it."""
