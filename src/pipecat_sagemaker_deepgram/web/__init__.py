# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A web server of plain requests and WebSockets, that refuses as Deepgram does."""
