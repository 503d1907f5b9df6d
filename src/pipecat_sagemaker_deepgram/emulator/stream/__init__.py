# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""One bidirectional stream, between a client's events and a container's WebSocket."""
