"""What the pages of a plan's returns share: the return as asked for, and what who is signed in may do with it."""

from functools import cached_property

from carepool.actions.returning import ReturnView, may_close, may_fill, may_sign, return_of
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Unusable
from carepool.offices.holdings import Permit
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.words import about_page


class ReturnPage(PlanPage):
    """One return as one request asks for it. NotHere where no such return is asked of the plan."""

    def __init__(self, request: HouseRequest, plan: str, quarter: str) -> None:
        super().__init__(request, plan)
        self.found: ReturnView = return_of(self.house, plan, _quarter(quarter), self.when.upto, self.when.day)
        self.quarter = str(self.found.quarter)

    def _may(self, asked: object) -> bool:
        return self.when.day is None and self.found.filed.closed is None and isinstance(asked, Permit)

    @cached_property
    def may_fill(self) -> bool:
        """Whether who is signed in may fill it in now."""
        return self.account is not None and self._may(may_fill(self.house, self.found, self.account.id))

    @cached_property
    def may_sign(self) -> bool:
        """Whether who is signed in may sign what waits now."""
        return self.account is not None and self._may(may_sign(self.house, self.found, self.account.id))

    @cached_property
    def may_close(self) -> bool:
        """Whether who is signed in may close it now."""
        return self.account is not None and self._may(may_close(self.house, self.found, self.account.id))

    def href(self, name: str, **more: str) -> str:
        """The address of another page of this return or plan, as at the same day."""
        own = {"quarter": self.quarter} if name.startswith("plan-return") and name != "plan-returns" else {}
        return super().href(name, **own, **more)

    def frame(self, here: str) -> dict[str, object]:
        """What the frame around the page shows, with the rules that ask for the return."""
        found = super().frame(here) | about_page(self.house, self.found.rules)
        return found | ({"as_at": self.when.says} if self.when.day else {}) | {"found": self.found}


def _quarter(text: str) -> Quarter:
    """The quarter of an address. NotHere for what is none: there is no page of it."""
    try:
        return Quarter.parse(text)
    except Unusable as error:
        raise NotHere(str(error)) from error
