"""Finding a person. What is typed travels in the form, never in an address; a number alone finds nobody."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import render

from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.finding import Wanted, find
from carepool.care.actions.opening import listed
from carepool.care.actions.ports import Identity, Role
from carepool.care.people.nhs_number import shown
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.frame import WingRequest, frame, typed

FIELDS = ("number", "given", "family", "born")


@dataclass(frozen=True, slots=True)
class Found:
    """A record that agrees, in words: to whoever does not work with the person, only what they typed is said back."""

    person: str
    name: str
    says: str


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The form, and whom it found."""
    wanted = Wanted(**{name: typed(request, name) for name in FIELDS})
    found: list[Found] = []
    errors: list[tuple[str, str]] = []
    numbers: list[str] = []
    if request.method == "POST":
        try:
            answer = find(request.house, role.account, wanted)
        except Unusable as error:
            answer = Refused(str(error))
        if isinstance(answer, Refused):
            errors = [("number" if wanted.number else "family", answer.says)]
        else:
            whole = listed(request.house, role, [each.person for each in answer])
            found = [
                _found(each, wanted, whole=not isinstance(whole[each.person], Refuse)) for each in answer
            ]
            numbers = [each.number for each in answer if each.number and not each.into]
    more = {
        "wanted": wanted,
        "found": found,
        "errors": errors,
        "twice": len(numbers) > len(set(numbers)),
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "care/find.jinja", frame(request, role, "find", **more), status=status)


def _found(identity: Identity, wanted: Wanted, *, whole: bool) -> Found:
    named = whole or bool(wanted.given and wanted.family)
    parts = []
    if whole or wanted.born:
        parts.append(
            f"born {in_words(identity.born)}" if identity.born else "born on a day that is not known"
        )
    if whole or wanted.number:
        parts.append(f"NHS number {shown(identity.number)}" if identity.number else "without an NHS number")
    if whole and identity.into:
        parts.append("joined to another record of the same person")
    if not whole:
        parts.append("with whom you are not recorded as working")
    return Found(
        identity.person,
        identity.name if named else "The record that agrees",
        ", ".join(parts),
    )
