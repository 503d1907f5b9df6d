# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who may use a gateway, and how much: keys, short-lived tokens, limits."""
