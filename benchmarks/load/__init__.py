# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The client process: feeds streams in real time and measures what that takes.

It imports nothing but the standard library and one driver, as it runs in every environment.
"""
