"""What the answers about who asks hold: their account and offices, and what waits for them."""

from datetime import date, datetime

from carepool.web.api.shapes.parts import Shape


class Office(Shape):
    """An office that one holds."""

    body: str
    name: str
    office: str
    title: str
    first: date
    last: date | None


class Shown(Shape):
    """The token that was shown; null for who asks without one."""

    name: str
    acts: bool
    expires_at: datetime


class Me(Shape):
    """Whose the request is."""

    account: str
    name: str
    offices: list[Office]
    token: Shown | None


class Task(Shape):
    """What waits for one."""

    says: str
    plan: str
    body: str
    body_name: str
    since: date
    href: str
