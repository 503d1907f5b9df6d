# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When two sessions are the same: what they will do from here on cannot differ.

Every attribute of every part counts, new ones too, as its view in ``views`` and ``reduction`` has
it, or as it is.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from .snapshot import variables_of
from .views import Moment, Read, View, Views, unread


class Fingerprints:
    """Says what the states of one session have in common that count as equal, and no two others.

    Args:
        parts: The session's.
        views: What attributes count as.
    """

    def __init__(self, parts: Iterable[Any], views: Views) -> None:
        self._views = views
        self._readers: dict[type, _Reader] = {}
        readers = [(part, self._learn(part)) for part in parts]
        self._plain = [(part, reader.plain) for part, reader in readers if reader.plain]
        self._viewed = [(part, *each) for part, reader in readers for each in reader.viewed]

    def of(self, at: Moment, others: tuple[Any, ...]) -> bytes:
        """The fingerprint of the state that the session is in.

        Args:
            at: What the views look at.
            others: The rest of the state, of plain values.
        """
        readers = self._readers

        def read(owner: Any) -> Any:
            reader = readers.get(type(owner)) or self._learn(owner)
            return reader.read(owner, at, read)

        plain = [get(part) for part, get in self._plain]
        viewed = [view(part, get(part), at, read) for part, get, view in self._viewed]
        # Without references the bytes depend on values alone.
        return marshal.dumps((plain, viewed, others), 2)

    def _learn(self, owner: Any) -> _Reader:
        reader = self._readers[type(owner)] = _Reader(owner, self._views)
        return reader


class _Reader:
    """Reads the objects of one class: attributes without a view all at once."""

    def __init__(self, owner: Any, views: Views) -> None:
        kind = type(owner)
        names = variables_of(owner)
        found = {name: _view_of(kind, name, views) for name in names}
        plain = [name for name in names if found[name] is None]
        self.plain = attrgetter(*plain) if plain else None
        self.viewed = [
            (attrgetter(name), view) for name, view in found.items() if view not in (None, unread)
        ]

    def read(self, owner: Any, at: Moment, read: Read) -> Any:
        viewed = [view(owner, get(owner), at, read) for get, view in self.viewed]
        return (self.plain(owner), viewed) if self.plain else viewed


def _view_of(kind: type, name: str, views: Views) -> View | None:
    return next((view for each in kind.__mro__ if (view := views.get((each, name)))), None)
