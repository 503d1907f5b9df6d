# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Clients that this project did not write, unmodified, against the emulated endpoint."""
