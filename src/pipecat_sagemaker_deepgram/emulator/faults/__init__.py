# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What goes wrong, on which stream and when: a script, its text form and its player. Pure."""
