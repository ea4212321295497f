"""Drafts in the database: a row per plan, section and editor, overwritten as they type."""

import json
from datetime import datetime

from carepool.actions.ports import Draft
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
