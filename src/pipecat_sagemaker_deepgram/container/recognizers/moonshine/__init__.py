# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Moonshine tiny-en, cut by Silero VAD, with turns judged by smart-turn."""
