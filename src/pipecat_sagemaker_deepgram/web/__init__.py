# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A web server for plain requests and WebSockets that refuses requests as Deepgram does."""
