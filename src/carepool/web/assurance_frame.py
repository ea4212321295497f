"""What the pages of a plan's assurance share: the plan with its assurance, who may do what, and small words."""

from functools import cached_property

from carepool.actions.assurances import Assured, is_insider, national_for, of_view
from carepool.actions.permits import Actor, permit
from carepool.assurance.record import Record, State
from carepool.offices.holdings import Permit
from carepool.places.bodies import body_id
from carepool.render.words import day
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage

COLOURS = {
    State.NOT_ASSIGNED: "grey",
    State.AWAITING: "blue",
    State.ONE_IN: "blue",
    State.BOTH_IN: "yellow",
    State.MODERATED: "yellow",
    State.DECIDED: "green",
}


class AssurancePage(PlanPage):
    """One plan's assurance as one request asks for it."""

    def __init__(self, request: HouseRequest, plan: str) -> None:
        super().__init__(request, plan)
        self.found: Assured = of_view(self.house, self.view, self.when.upto)

    @property
    def record(self) -> Record:
        """What assurance has of it."""
        return self.found.record

    @property
    def id(self) -> str:
        """Who is signed in; empty for nobody."""
        return self.account.id if self.account else ""

    @cached_property
    def insider(self) -> bool:
        """Whether who is signed in may read reviews, once both sides are in."""
        return is_insider(self.house, self.found, self.id)

    def may(self, action: str, body: str = "") -> bool:
        """Whether who is signed in holds an office for an action, and the page is as it is now."""
        if not self.id or self.when.day:
            return False
        bodies = (body,) if body else national_for(self.found.rules, action)
        actor = Actor(self.id, "")
        return any(
            isinstance(permit(self.house, self.found.rules, action, actor, each), Permit) for each in bodies
        )

    def my_sides(self) -> tuple[str, ...]:
        """The sides that who is signed in reviews for."""
        if self.when.day or not self.id:
            return ()
        return tuple(side for side, each in self.record.assigned.items() if each.account == self.id)

    def body_of(self, side: str) -> str:
        """The body whose officers review for a side."""
        return body_id(self.found.rules.assurance.side(side).body, "ENG")

    def side_title(self, side: str) -> str:
        """A side as it is called."""
        return self.found.rules.assurance.side(side).title

    def sentence(self) -> str:
        """How far the assurance of the version that stands is, in a sentence or two."""
        found, record = self.found, self.record
        version = found.version
        if version is None:
            return "No version has been saved yet, so there is nothing to assure."
        decided = record.decided_on(version.digest)
        if decided:
            title = found.rules.assurance.outcome(decided.outcome).title
            waiting = len(record.open_conditions)
            more = (
                f" {waiting} {'condition is' if waiting == 1 else 'conditions are'} open." if waiting else ""
            )
            return f"Version {version.number}: {title.lower()}, on {day(decided.at)}.{more}"
        held = record.on(version.digest)
        missing = [self.side_title(side) for side in found.sides if side not in held]
        said = {
            State.NOT_ASSIGNED: "Reviewers have not been chosen for both sides.",
            State.AWAITING: "Two reviewers look at it, each without seeing the other's answers.",
            State.ONE_IN: f"One of two reviews is in. Awaited: {', '.join(missing)}. Nobody reads either before both are in.",
            State.BOTH_IN: "Both reviews are in, and wait to be moderated.",
            State.MODERATED: "It is moderated, and waits for its outcome.",
            State.DECIDED: "",
        }
        return f"Version {version.number}: {said[found.state]}"
