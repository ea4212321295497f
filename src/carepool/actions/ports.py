"""What actions need from outside, as promises that adapters keep."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from carepool.basics.canonical import Digest


@dataclass(frozen=True, slots=True)
class Draft:
    """What one editor has typed in one section and not yet saved as a version; kept as typed, right or wrong."""

    plan: str
    section: str
    editor: str
    content: object
    """In the shapes of JSON, amounts as they were typed."""
    base: Digest
    """The digest of the section that the editor began from."""
    at: datetime


class Drafts(Protocol):
    """Drafts by plan, section and editor. They are no facts: they may be overwritten and thrown away."""

    def put(self, draft: Draft) -> None:
        """Keep a draft in place of the editor's earlier one of that section."""
        ...

    def of_editor(self, plan: str, editor: str) -> tuple[Draft, ...]:
        """An editor's drafts of a plan."""
        ...

    def of_plan(self, plan: str) -> tuple[Draft, ...]:
        """Everybody's drafts of a plan."""
        ...

    def drop(self, plan: str, section: str, editor: str, kept_at: datetime | None = None) -> None:
        """Throw a draft away; nothing when there is none, or when it was kept at another instant than the one given."""
        ...


class MemoryDrafts:
    """Drafts kept in memory: for tests, and the picture of what a store must do."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, str], Draft] = {}

    def put(self, draft: Draft) -> None:
        """Keep a draft."""
        self._held[draft.plan, draft.section, draft.editor] = draft

    def of_editor(self, plan: str, editor: str) -> tuple[Draft, ...]:
        """An editor's drafts of a plan."""
        return tuple(each for each in self.of_plan(plan) if each.editor == editor)

    def of_plan(self, plan: str) -> tuple[Draft, ...]:
        """Everybody's drafts of a plan."""
        return tuple(each for key, each in sorted(self._held.items()) if key[0] == plan)

    def drop(self, plan: str, section: str, editor: str, kept_at: datetime | None = None) -> None:
        """Throw a draft away."""
        held = self._held.get((plan, section, editor))
        if held is not None and kept_at in {None, held.at}:
            del self._held[plan, section, editor]
