"""Adding pasted rows to a draft, and saying what became of each cell."""

from dataclasses import dataclass

from django.http import QueryDict

from carepool.actions.planning import PlanView
from carepool.plans.document import EVERY, Plan
from carepool.web.plan_codes import choices
from carepool.web.section_given import given
from carepool.web.section_paste import Left, read_paste
from carepool.web.section_shapes import MOST_ROWS, Content, Form, columns, list_id, rows_in
from carepool.web.section_typed import pressed_on


@dataclass(frozen=True, slots=True)
class PasteReport:
    """What became of a paste."""

    listed: str
    added: int
    headed: bool
    left: tuple[Left, ...]
    leftover: str
    """What could not be placed, to stand in the box again."""

    def put_into(self, form: Form) -> None:
        """Put what is left over back into the box of its list."""
        for each in form.lists:
            if each.name == self.listed:
                each.pasted = self.leftover

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each cell that is left over: where it stands in what was pasted, under which heading, and its words."""
        return [(f"Row {each.row}, column {each.column}", each.heading, each.text) for each in self.left]


def paste_into(
    found: PlanView, plan: Plan, section: str, typed: QueryDict, content: Content, pressed: str
) -> PasteReport | None:
    """Add what stands in the boxes for pasted rows to the content, whatever button was pressed; None where nothing does."""
    asked = pressed_on(section, pressed, "paste")
    report: PasteReport | None = None
    for about in EVERY[section].lists:
        if given(found, about.name):
            continue
        text = typed.get(f"{list_id(section, about.name)}-paste", "")
        if not text.strip():
            if asked and asked[0] == about.name:
                report = report or PasteReport(about.name, 0, False, (), "")
            continue
        rows, fields = rows_in(content, about.name), columns(found, about)
        offered = {
            each.name: choices(found, plan, each.of) if each.of else tuple(each.codes.items())
            for each in fields
        }
        pasted = read_paste(text, fields, offered, found.known.years, MOST_ROWS - len(rows))
        content[about.name] = [*rows, *pasted.rows]
        report = PasteReport(about.name, len(pasted.rows), pasted.headed, pasted.left, pasted.leftover())
    return report
