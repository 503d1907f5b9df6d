# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A run as a page to look at: what was said, what broke, how late words came. Pure but for jinja2.

``read_runs`` reads what ``transcribe --json`` and ``listen --json`` write, ``write_report`` draws
it. Needs the extra ``report``.
"""

from pipecat_sagemaker_deepgram.report.page import write_report
from pipecat_sagemaker_deepgram.report.runs import ReportError, read_runs

__all__ = ["ReportError", "read_runs", "write_report"]
