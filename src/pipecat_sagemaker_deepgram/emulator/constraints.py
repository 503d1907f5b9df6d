# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The constraints that service models put on the members of a request. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Constraint:
    """The constraint of one member.

    Attributes:
        longest: Maximum number of characters.
        pattern: The pattern that the whole value must match; None for any value.
        shortest: Minimum number of characters.
        is_sensitive: Whether the value is left out of messages.
    """

    longest: int
    pattern: re.Pattern[str] | None = None
    shortest: int = 0
    is_sensitive: bool = False

    def violation(self, member: str, value: str) -> str | None:
        """What is wrong with a value, in AWS's words; None if nothing is.

        Args:
            member: The member's name.
            value: Its value.
        """
        for wrong, rule in (
            (len(value) > self.longest, f"have length less than or equal to {self.longest}"),
            (len(value) < self.shortest, f"have length greater than or equal to {self.shortest}"),
        ):
            if wrong:
                return self._sentence(member, None, rule)
        if self.pattern is not None and self.pattern.fullmatch(value) is None:
            rule = f"satisfy regular expression pattern: {self.pattern.pattern}"
            return self._sentence(member, None if self.is_sensitive else value, rule)
        return None

    def _sentence(self, member: str, value: str | None, rule: str) -> str:
        what = "Value" if value is None else f"Value '{value}'"
        return f"{what} at '{member}' failed to satisfy constraint: Member must {rule}"


NAME = Constraint(63, re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*"))
"""Names of endpoints, variants and containers."""
