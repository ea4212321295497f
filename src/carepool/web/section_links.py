"""From the fields and rows of a form to what was said of them, and to where they are from."""

from collections.abc import Mapping

from django.urls import reverse

from carepool.actions.commenting import comment_counts
from carepool.plans.comments import Place, rows_followed
from carepool.web.frame import PlanPage
from carepool.web.section_shapes import Field, Form, Ground, Link, Listed


def put_links(page: PlanPage, form: Form, ground: Ground) -> None:
    """Give every single field and every saved row its links; a field in a row has one where something was said of it.

    A row leads to a page on which each of its fields leads on: two links at each of seven hundred fields would stand in
    the way of whoever goes through a form by keyboard. A row that is in no saved version has none yet.
    """
    said = comment_counts(page.house, page.view)
    links = _Links(page, said)
    for field in form.after:
        name = field.id.removeprefix(f"{form.section}-")
        field.links = links.of(Place(form.section, field=name), field.label)
    for listed in form.lists:
        _put_in_rows(links, form.section, listed, ground)


def _put_in_rows(links: "_Links", section: str, listed: Listed, ground: Ground) -> None:
    """Rows are numbered as in the draft; comments and versions number them as they were saved."""
    saved = rows_followed(ground.plan, ground.found.plan, Place(section, listed.name))
    for row in listed.rows:
        number = saved.get(int(row.id.rpartition("-")[2]))
        if number is None:
            continue
        row.links = links.of(Place(section, listed.name, number), row.legend)
        for field in (*row.fields, *row.long):
            name = field.id.removeprefix(f"{row.id}-")
            field.links = links.said_of(Place(section, listed.name, number, name), field, row.legend)


class _Links:
    """The addresses of two pages, worked out once for all fields."""

    def __init__(self, page: PlanPage, said: Mapping[str, int]) -> None:
        plan = {"plan": page.view.history.id}
        self._comments, self._from = (
            f"{reverse(name, kwargs=plan)}?at=" for name in ("plan-comments", "plan-from")
        )
        self._said = said

    def of(self, place: Place, what: str) -> tuple[Link, ...]:
        """Comments, with how many there are, and the origin."""
        many = self._said.get(place.where, 0)
        words = f"Comments ({many})" if many else "Comments"
        return (
            Link(words, f" on {what}", f"{self._comments}{place.where}"),
            Link("Where it is from", f": {what}", f"{self._from}{place.where}"),
        )

    def said_of(self, place: Place, field: Field, row: str) -> tuple[Link, ...]:
        """The comments on a field, where there are any."""
        if field.kind == "hidden" or not self._said.get(place.where):
            return ()
        return self.of(place, f"{field.label}, {row}")
