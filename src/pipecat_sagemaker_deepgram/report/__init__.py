# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Draws runs as an HTML page: transcripts, lost streams and latencies.

``read_runs`` reads the output of ``transcribe --json`` and ``listen --json``, ``write_report``
draws it. Pure, except for jinja2. Needs the extra ``report``.
"""

from pipecat_sagemaker_deepgram.report.page import write_report
from pipecat_sagemaker_deepgram.report.runs import ReportError, read_runs

__all__ = ["ReportError", "read_runs", "write_report"]
