"""Operations that act, for who may: a section's draft, a version of a plan, an entry in a pool's books. Each acts once."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Annotated

from django.http import HttpResponse
from ninja import Body, Header, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from carepool.actions.editing import Stale, Unreadable, editing, keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import enter_of
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.journal.port import Conflict, SameKey
from carepool.plans.document import EVERY, as_data, read_section
from carepool.pool.events import Asked
from carepool.signin.models import Account
from carepool.web.api.asked import Nothing, PlanName, PoolName, SectionName
from carepool.web.api.me import asking
from carepool.web.api.plans import TAG as PLANS
from carepool.web.api.pools import TAG as POOLS
from carepool.web.api.pools import Year
from carepool.web.api.problems import Stopped
from carepool.web.api.service import acts, reads
from carepool.web.api.shapes import plans as of_plans
from carepool.web.api.shapes import pools as of_pools
from carepool.web.api.shapes.parts import Free
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage, spoken
from carepool.web.pool_entering import FORMS
from carepool.web.pool_frame import PoolPage

EVENTS = {each.code: each for each in FORMS}
"""What can be entered, by its code: what the pool's own forms enter."""
MOST = 10**13
"""Pence of one amount."""
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[!-~]{8,100}$", description="Under which this acts once: sent again, it is answered as it was; with something else in it, it is refused.")]  # fmt: skip
Code = Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9_./-]*$")]
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Pence = Annotated[int, Field(ge=0, le=MOST, strict=True)]


class OfYear(Nothing):
    """A year of the pool."""

    year: Year = None


class Sent(BaseModel):
    """What is sent: these fields, and no others."""

    model_config = ConfigDict(extra="forbid")


class DraftSent(Sent):
    """A section as it is to be drafted."""

    content: Annotated[Free, Field(description="The section, by the plan standard.")]
    base: Annotated[
        str | None,
        Field(pattern="^[0-9a-f]{64}$", description="What it was begun from; else the section as it stands."),
    ] = None


def _known(code: str) -> str:
    if code not in EVENTS:
        raise ValueError("it is nothing that is entered so")
    return code


class Entry(Sent):
    """What happened in a pool. What an event does not need stays empty; amounts are whole pence."""

    event: Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": sorted(EVENTS)})]
    on: Annotated[date, Field(description="When it happened.")]
    pence: Annotated[Pence, Field(description="For spending the net amount.")] = 0
    says: Annotated[Text, Field(description="A short title.")] = ""
    party: Code = ""
    source: Code = ""
    scheme: Code = ""
    to_scheme: Code = ""
    payee: Code = ""
    vat: Annotated[Pence, Field(description="VAT that can be had back.")] = 0
    irrecoverable: Annotated[Pence, Field(description="VAT that cannot.")] = 0
    of: Annotated[Code, Field(description="The posting that it takes back or uses.")] = ""
    mandate: Annotated[Code, Field(description="The mandate by which it is entered, where it is more than one may enter alone.")] = ""  # fmt: skip


@reads("/plans/{plan}/drafts/{section}", of="plan-section", answers=of_plans.Draft, tag=PLANS)
def draft(request: HouseRequest, plan: PlanName, section: SectionName) -> HttpResponse:
    """A section as one drafts it; as it was saved, where one has no draft of it."""
    page = PlanPage(request, plan)
    return json_answer(_draft(page, asking(request), _section(section)))


@acts("PUT", "/plans/{plan}/drafts/{section}", of="plan-section", answers=of_plans.Draft, tag=PLANS)
def keep_section(
    request: HouseRequest, plan: PlanName, section: SectionName, sent: Body[DraftSent]
) -> HttpResponse:
    """Keep a section as one's draft, which nobody else sees; the last of two is what holds.

    What cannot be read as that section is refused, each fault by its place.
    """
    page, account = PlanPage(request, plan), asking(request)
    read, findings = read_section(_section(section), sent.content)
    _may(editing(page.house, page.view, _actor(account, "")), page.house)
    if read is None:
        errors = [(each.where, f"{each.says} {each.remedy}") for each in findings]
        raise Stopped(
            HTTPStatus.BAD_REQUEST,
            "This cannot be read as that section. The plan standard says how it is written.",
            errors,
        )
    base = sent.base or section_base(page.view, section)
    _may(keep_draft(page.house, _actor(account, ""), plan, section, as_data(read), base), page.house)
    return json_answer(_draft(page, account, section))


@acts("POST", "/plans/{plan}/versions", of="plan-save", answers=of_plans.Saved, tag=PLANS, status=201)
def save_plan(request: HouseRequest, plan: PlanName, key: Key) -> HttpResponse:
    """Save one's drafts as the next version of the plan; every body that decided on an earlier one decides again."""
    page, account = PlanPage(request, plan), asking(request)
    _may(editing(page.house, page.view, _actor(account, "")), page.house)
    done = _carried_out(page.house, lambda: save_version(page.house, _actor(account, key), plan))
    return json_answer({"plan": plan, "version": done.answer, "again": done.again}, status=HTTPStatus.CREATED)


@acts(
    "POST", "/pools/{pool}/postings", of="pool-enter-event", answers=of_pools.Entered, tag=POOLS, status=201
)
def enter(
    request: HouseRequest, pool: PoolName, asked: Query[OfYear], sent: Body[Entry], key: Key
) -> HttpResponse:
    """Enter what happened in a pool's books, within the limits of one's office or by a mandate; the accounts follow from it."""
    shown, account, event = PoolPage(request, pool), asking(request), EVENTS[sent.event]
    if not shown.may_enter(event):
        says = "The year's accounts are closed." if shown.books.ended_at else f"The books are kept by {shown.host}: its pool manager and finance officers enter what happens."  # fmt: skip
        raise Stopped(HTTPStatus.FORBIDDEN, says)
    wanted = Asked(
        event, sent.on, sent.pence, sent.says, sent.party, sent.source, sent.scheme, sent.to_scheme, sent.payee, sent.vat,
        sent.irrecoverable, sent.of,
    )  # fmt: skip
    done = _carried_out(shown.house, lambda: enter_of(shown.house, _actor(account, key), pool, shown.books.year, wanted, sent.mandate))  # fmt: skip
    assert isinstance(done.answer, dict)  # noqa: S101 (what it answers)
    data = {
        "pool": pool,
        "year": shown.books.year,
        "posting": str(done.answer["posting"]),
        "again": done.again,
    }
    return json_answer(data, status=HTTPStatus.CREATED)


def _actor(account: Account, key: str) -> Actor:
    """Who acts. A program's keys and those of forms never meet."""
    return Actor(account.pk, f"api/{key}" if key else "", account.name)


def _section(name: str) -> str:
    if name not in EVERY:
        raise NotHere(f"A plan has no section “{name}”. It has {', '.join(EVERY)}.")
    return name


def _draft(page: PlanPage, account: Account, section: str) -> dict[str, object]:
    mine = next((each for each in page.house.drafts.of_editor(page.view.history.id, account.pk) if each.section == section), None)  # fmt: skip
    content = mine.content if mine else as_data(page.view.plan.section(section))
    base = mine.base if mine else section_base(page.view, section)
    return {"plan": page.view.history.id, "section": section, "content": content, "base": base, "kept_at": mine.at if mine else None}  # fmt: skip


def _may(answer: object, house: House) -> None:
    if isinstance(answer, Refused):
        raise Stopped(HTTPStatus.FORBIDDEN, spoken(house, answer.says))


def _carried_out(house: House, act: Callable[[], Done | Refused | Stale | Unreadable]) -> Done:
    """Do it, and seal what was written, so that a later look writes nothing. Stopped with why where it was not done."""
    try:
        answer = act()
    except SameKey as error:
        raise Stopped(
            HTTPStatus.CONFLICT,
            "This key was used before for a request with something else in it. Take another key.",
        ) from error
    except Conflict as error:
        raise Stopped(
            HTTPStatus.CONFLICT,
            "Others were writing at the same moment, so nothing was recorded. Send it again.",
        ) from error
    if isinstance(answer, Done):
        house.journal.seal()
        return answer
    errors = [(each.where, each.says) for each in answer.findings] if isinstance(answer, Unreadable) else []
    if isinstance(answer, Stale):
        errors = [(each.where, "Others changed this since you began.") for each in answer.changes]
    raise Stopped(HTTPStatus.CONFLICT, spoken(house, answer.says), errors)
