"""When a scheme or a metric is off track, and what is asked of it then, as data."""

from pydantic import Field

from carepool.rules.scalars import Cited, Number, Text


class Delivering(Cited):
    """``delivery.yaml``: how delivery is judged."""

    says: Text
    off_track_below: Number = Field(ge=0, le=100)
    """Per cent of what was planned so far."""
    recovery_due_in_days: Number = Field(gt=0)
    """By when a recovery plan is to be there, from the day on which it is known."""
    note: Text
