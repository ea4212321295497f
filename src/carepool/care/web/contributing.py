"""Who writes in an assessment or a plan, and the versions that they wrote, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carepool.care.actions.ports import Identity, Role
from carepool.care.planning.assessment import Assessment, Contributor
from carepool.care.planning.care import Version
from carepool.care.web.frame import WingRequest, account_of, moment, names_of

SIDES = {"health": "Health", "social_care": "Social care", "person": "The person", "carer": "A carer"}
"""Whose word an answer is, in words."""


@dataclass(frozen=True, slots=True)
class Written:
    """A version, in words."""

    number: int
    place: int
    """Its place among all that were ever written, by which it is found."""
    when: str
    who: str
    what: str
    settled: str
    """When it was completed or agreed; empty where it was not."""


def myself(request: WingRequest, role: Role) -> Contributor:
    """Whoever is signed in, as a contributor of their sector."""
    account = account_of(request)
    side = "health" if role.sector == "health" else "social_care"
    name = account.name if account else role.title
    return Contributor(id=role.account, side=side, name=name, role=role.title or "Practitioner")


def the_person(identity: Identity) -> Contributor:
    """The person as a contributor."""
    return Contributor(id=identity.person, side="person", name=identity.name, role="The person")


def written(
    versions: Sequence[Version], contents: Sequence[Mapping[str, object]], words: Mapping[str, str], every: Sequence[Version],
) -> list[Written]:  # fmt: skip
    """The versions of one thing, the latest first, each with the parts that changed in it; a part without words is not told."""
    names = names_of(each.by for each in versions)
    found = []
    before: Mapping[str, object] = {}
    for number, (version, content) in enumerate(zip(versions, contents, strict=True), 1):
        changed = [says for part, says in words.items() if content.get(part) != before.get(part)]
        what = ", ".join(changed).lower() if before else "begun"
        settled = moment(version.settled) if version.settled else ""
        found.append(Written(number, every.index(version) + 1, moment(version.at), names.get(version.by, "an account that is gone"), what, settled))  # fmt: skip
        before = content
    return found[::-1]


def whose(assessment: Assessment, by: str) -> str:
    """Who a contributor is: name and side."""
    for each in assessment.contributors:
        if each.id == by:
            return f"{each.name}, {SIDES[each.side].lower()}"
    return "somebody"
