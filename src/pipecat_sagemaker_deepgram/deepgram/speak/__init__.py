# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's text-to-speech over a session: v1/speak (Aura) and v2/speak (Flux TTS). Pure."""
