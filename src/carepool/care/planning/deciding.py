"""What may be said of a package and of who is accountable for it: each is decided from what is so, or refused with the reason.

Each takes the ``Care`` as folded and the instant of the attempt, which the fact will bear.
"""

from datetime import datetime, timedelta

from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import Refused
from carepool.care.planning import facts
from carepool.care.planning.care import Care
from carepool.care.planning.facts import Why
from carepool.care.planning.packages import Absence, Offer, Package
from carepool.journal.commands import Decision
from carepool.journal.facts import NewFact

LONGEST_ABSENCE = timedelta(days=366)
"""Who is away for longer hands over."""


def start_package(
    care: Care, package: str, plan: str, starts: datetime, *, integrated: bool
) -> Decision | Refused:
    """A package starts, by the version of an agreed plan whose digest is given. It may have started before it is recorded."""
    if package in care.packages:
        return Refused(f"There is a package {package} already. Give this one another name.")
    if not any(each.document == plan and each.settled for each in care.plans):
        return Refused("This version of the plan is not agreed with the person. Agree it first, then start its package.")  # fmt: skip
    return _decided(facts.package_started(care.person, package, plan, starts, integrated=integrated))


def change_package(care: Care, package: str, at: datetime, *, integrated: bool) -> Decision | Refused:
    """A package is integrated from now on, or no longer."""
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    if found.integrated[-1][1] == integrated:
        return Refused(
            f"It is {'integrated' if integrated else 'not integrated'} already. Nothing was changed."
        )
    return _decided(facts.package_changed(care.person, package, integrated=integrated))


def end_package(care: Care, package: str, ends: datetime, at: datetime) -> Decision | Refused:
    """A package ends, at an instant that may lie before or after now."""
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    if ends < found.starts:
        return Refused(f"It starts on {said(found.starts)} and cannot end on {said(ends)}. Give a later day.")
    return _decided(facts.package_ended(care.person, package, ends))


def offer(care: Care, package: str, professional: str, body: str, at: datetime) -> Decision | Refused:
    """A professional of a body is asked to be accountable. Whoever is stays until the other accepts."""
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    if waiting := open_offer(found, at):
        return Refused(f"{waiting.professional} was asked on {said(waiting.at)} and has not answered. Wait, or take that offer back first.")  # fmt: skip
    if _holds(found, professional, at):
        return Refused(f"{professional} is the accountable professional already.")
    return _decided(facts.offered(care.person, package, professional, body))


def accept(care: Care, package: str, professional: str, at: datetime) -> Decision | Refused:
    """A professional accepts, and is the accountable one from now on."""
    found = _asked(care, package, professional, at)
    if isinstance(found, Refused):
        return found
    if found.away(professional, at):
        return Refused("You are recorded as away now. End that absence first, then accept.")
    return _decided(facts.accepted(care.person, package, professional))


def decline(care: Care, package: str, professional: str, why: Why, at: datetime) -> Decision | Refused:
    """A professional declines; whoever is accountable stays."""
    found = _asked(care, package, professional, at)
    if isinstance(found, Refused):
        return found
    return _decided(facts.declined(care.person, package, professional, why))


def withdraw(care: Care, package: str, at: datetime) -> Decision | Refused:
    """An offer is taken back."""
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    waiting = open_offer(found, at)
    if waiting is None:
        return Refused("No offer waits for an answer. Nothing was changed.")
    return _decided(facts.withdrawn(care.person, package, waiting.professional))


def tell_absence(
    care: Care,
    package: str,
    professional: str,
    first: datetime,
    until: datetime,
    deputy: str | None,
    at: datetime,
) -> Decision | Refused:
    """The accountable professional is away for a time, and somebody may be asked to stand in.

    Without a deputy, and until the deputy accepts, the time away is an alarm.
    """
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    held = found.tenure(at)
    if held is None or not _holds(found, professional, at):
        return Refused(
            f"{professional} is not the accountable professional of this package now. Name who is."
        )
    if not max(first, at) < until <= first + LONGEST_ABSENCE:
        return Refused("The absence has to end after now and after it begins, within a year. Who is away for longer hands over.")  # fmt: skip
    if first < held.first:
        return Refused(f"They accepted on {said(held.first)}. Begin the absence then or later.")
    if deputy == professional:
        return Refused("Nobody stands in for themselves. Name another deputy.")
    for each in found.absences:
        if each.professional == professional and each.meets(first, until):
            return Refused(f"They are recorded as away until {said(each.until)} already. End that absence first, or begin this one after it.")  # fmt: skip
    return _decided(facts.absence_told(care.person, package, professional, first, until, deputy))


def accept_deputy(care: Care, package: str, absence: int, deputy: str, at: datetime) -> Decision | Refused:
    """A deputy accepts to stand in, from now on or from when the absence begins."""
    found = _absence(care, package, absence, at)
    if isinstance(found, Refused):
        return found
    whole, away = found
    if away.deputy != deputy:
        return Refused("Somebody else, or nobody, was asked to stand in for this absence.")
    if away.accepted is not None:
        return Refused("You have accepted already. Nothing was changed.")
    if whole.gone(deputy, away.told, max(at, away.first)):
        return Refused(
            "Who has left by then cannot stand in. End this absence and tell it again with another deputy."
        )
    return _decided(facts.deputy_accepted(care.person, package, absence, deputy))


def end_absence(care: Care, package: str, absence: int, at: datetime) -> Decision | Refused:
    """A professional is back before their time, or the absence is called off."""
    found = _absence(care, package, absence, at)
    if isinstance(found, Refused):
        return found
    return _decided(facts.absence_ended(care.person, package, absence))


def leave(care: Care, professional: str, on: datetime, at: datetime) -> Decision | Refused:
    """A professional leaves at an instant, before or after now: what they hold of this person's care is revoked then."""
    theirs = [each for whole in care.packages.values() for each in _theirs(whole, professional, at)]
    if not theirs:
        return Refused(f"{professional} holds nothing of this person's care. Nothing was changed.")
    if on < max(theirs):
        return Refused(f"They were asked, or accepted, on {said(max(theirs))}, so they cannot have left before that.")  # fmt: skip
    return _decided(facts.professional_left(care.person, professional, on))


def open_offer(package: Package, at: datetime) -> Offer | None:
    """The offer that waits for an answer; one to somebody who has left since has lapsed."""
    waiting = package.offer
    if waiting is None or package.gone(waiting.professional, waiting.at, at):
        return None
    return waiting


def said(moment: datetime) -> str:
    """An instant as people say it, in London."""
    there = moment.astimezone(LONDON)
    return f"{in_words(there.date())} at {there:%H:%M}"


def _decided(fact: NewFact) -> Decision:
    return Decision((fact,))


def _open(care: Care, package: str, at: datetime) -> Package | Refused:
    found = care.packages.get(package)
    if found is None:
        return Refused(f"There is no package {package} of this person. Look at the list of their packages.")
    if found.over(at):
        return Refused("This package has ended. Start another by an agreed plan.")
    return found


def _holds(package: Package, professional: str, at: datetime) -> bool:
    held = package.tenure(at)
    return held is not None and held.professional == professional and not package.gone(professional, held.first, at)  # fmt: skip


def _asked(care: Care, package: str, professional: str, at: datetime) -> Package | Refused:
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    waiting = open_offer(found, at)
    if waiting is None or waiting.professional != professional:
        return Refused("No offer to you waits for an answer: it was taken back, or never made.")
    return found


def _absence(care: Care, package: str, number: int, at: datetime) -> tuple[Package, Absence] | Refused:
    found = _open(care, package, at)
    if isinstance(found, Refused):
        return found
    if not 1 <= number <= len(found.absences):
        return Refused(f"There is no absence {number} of this package.")
    away = found.absences[number - 1]
    if away.until <= at or away.until <= away.first:
        return Refused("This absence is over.")
    return found, away


def _theirs(package: Package, professional: str, at: datetime) -> list[datetime]:
    """When whatever a professional holds or held of a package began."""
    found = [each.first for each in package.tenures if each.professional == professional]
    found += [each.told for each in package.absences if each.deputy == professional]
    found += [each.accepted for each in package.absences if each.deputy == professional and each.accepted]
    waiting = open_offer(package, at)
    if waiting and waiting.professional == professional:
        found.append(waiting.at)
    return found
