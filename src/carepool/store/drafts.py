"""Drafts in the database: of plans, a row per section and editor, overwritten as they type; and of rules."""

import json
from datetime import datetime
from typing import Any

from carepool.actions.ports import Draft, RuleDraft
from carepool.basics.canonical import Digest
from carepool.store import models


class SqlDrafts:
    """Drafts on Django's connection; implements ``actions.ports.Drafts``."""

    def put(self, draft: Draft) -> None:
        """Keep a draft in place of the editor's earlier one."""
        models.Draft.objects.update_or_create(
            plan=draft.plan,
            section=draft.section,
            editor=draft.editor,
            defaults={"content": json.dumps(draft.content), "base": draft.base, "at": draft.at},
        )

    def of_editor(self, plan: str, editor: str) -> tuple[Draft, ...]:
        """An editor's drafts of a plan."""
        return tuple(map(_draft, models.Draft.objects.filter(plan=plan, editor=editor).order_by("section")))

    def of_plan(self, plan: str) -> tuple[Draft, ...]:
        """Everybody's drafts of a plan."""
        return tuple(map(_draft, models.Draft.objects.filter(plan=plan).order_by("section", "editor")))

    def drop(self, plan: str, section: str, editor: str, kept_at: datetime | None = None) -> None:
        """Throw a draft away, only the one kept at an instant when that is given."""
        found = models.Draft.objects.filter(plan=plan, section=section, editor=editor)
        (found.filter(at=kept_at) if kept_at else found).delete()


def _draft(row: models.Draft) -> Draft:
    return Draft(row.plan, row.section, row.editor, json.loads(row.content), Digest(row.base), row.at)


class SqlRuleDrafts:
    """Drafts of rules on Django's connection; implements ``actions.ports.RuleDrafts``."""

    def add(self, draft: RuleDraft) -> None:
        """Keep a new draft."""
        models.RuleDraft.objects.create(id=draft.id, owner=draft.owner, base=draft.base, **_written(draft))

    def change(self, draft: RuleDraft) -> bool:
        """Keep a changed draft, in one statement, unless it was changed in between."""
        held = models.RuleDraft.objects.filter(id=draft.id, owner=draft.owner, edition=draft.edition - 1)
        return held.update(**_written(draft)) == 1

    def get(self, id: str) -> RuleDraft | None:
        """The draft of that id."""
        row = models.RuleDraft.objects.filter(id=id).first()
        return _rule_draft(row) if row else None

    def of_owner(self, owner: str) -> tuple[RuleDraft, ...]:
        """An account's drafts, the latest changed first."""
        return tuple(map(_rule_draft, models.RuleDraft.objects.filter(owner=owner).order_by("-at", "-id")))

    def drop(self, id: str) -> None:
        """Throw a draft away."""
        models.RuleDraft.objects.filter(id=id).delete()


def _written(draft: RuleDraft) -> dict[str, Any]:
    return {
        "title": draft.title, "files": json.dumps(dict(draft.files)), "edition": draft.edition, "at": draft.at,
    }  # fmt: skip


def _rule_draft(row: models.RuleDraft) -> RuleDraft:
    return RuleDraft(row.id, row.owner, row.title, row.base, json.loads(row.files), row.edition, row.at)
