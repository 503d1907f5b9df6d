# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Prometheus metrics of sessions, under the same names for a gateway and for a bot."""

from pipecat_sagemaker_deepgram.monitoring.session_metrics import SessionMetrics

__all__ = ["SessionMetrics"]
