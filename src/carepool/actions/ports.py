"""What actions need from outside, as promises that adapters keep."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """Somebody's draft of a set of rules: its files as they were typed, right or wrong."""

    id: str
    owner: str
    """The account that made it, which alone can see it."""
    title: str
    base: str
    """The set that it began as a copy of."""
    files: Mapping[str, str]
    """Text by path in the set, with ``.yaml``."""
    edition: int
    """Counts its changes, so that a change made on an older sight of it is noticed."""
    at: datetime


class RuleDrafts(Protocol):
    """Drafts of rules. They are no facts: they may be changed and thrown away."""

    def add(self, draft: RuleDraft) -> None:
        """Keep a new draft."""
        ...

    def change(self, draft: RuleDraft) -> bool:
        """Keep a changed draft, whose edition is one more than that held; False, and nothing kept, when it is not."""
        ...

    def get(self, id: str) -> RuleDraft | None:
        """The draft of that id."""
        ...

    def of_owner(self, owner: str) -> tuple[RuleDraft, ...]:
        """An account's drafts, the latest changed first."""
        ...

    def drop(self, id: str) -> None:
        """Throw a draft away; nothing when there is none."""
        ...


class MemoryRuleDrafts:
    """Drafts of rules kept in memory."""

    def __init__(self) -> None:
        self._held: dict[str, RuleDraft] = {}

    def add(self, draft: RuleDraft) -> None:
        """Keep a new draft."""
        self._held[draft.id] = draft

    def change(self, draft: RuleDraft) -> bool:
        """Keep a changed draft, unless it was changed in between."""
        held = self._held.get(draft.id)
        if held is None or held.edition + 1 != draft.edition:
            return False
        self._held[draft.id] = replace(draft)
        return True

    def get(self, id: str) -> RuleDraft | None:
        """The draft of that id."""
        return self._held.get(id)

    def of_owner(self, owner: str) -> tuple[RuleDraft, ...]:
        """An account's drafts, the latest changed first."""
        mine = [each for each in self._held.values() if each.owner == owner]
        return tuple(sorted(mine, key=lambda each: (each.at, each.id), reverse=True))

    def drop(self, id: str) -> None:
        """Throw a draft away."""
        self._held.pop(id, None)
