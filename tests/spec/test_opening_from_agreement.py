"""A pool belongs to its agreement: opened from it, kept within its limits, varied by all its partners, and opened again next year."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from carepool.actions.agreements import agreement_for
from carepool.actions.demonstration import FIRST_DAY
from carepool.actions.house import House
from carepool.actions.opening_pools import (
    agree_mandate_of,
    attach_agreement,
    bring_forward,
    open_from,
    record_mandate_of,
)
from carepool.actions.permits import Actor
from carepool.actions.pools import books_now, close_month_of, end_year_of, enter_of
from carepool.actions.ports import MemoryDrafts
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done, perform
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import give, stream_of
from carepool.pool.accounts import Account, Event, Heading
from carepool.pool.books import Books
from carepool.pool.events import Asked
from carepool.pool.glance import glance
from carepool.pool.records import Matter
from carepool.pool.releases import open_pool

CARROWBY = Path(str(files("carepool").joinpath("illustrative/carrowby_agreement.yaml")))
POOL, YEAR, COUNCIL, CCG = "joint", "2015-16", "ZZ6", "Z6A"
OFFICES = {
    "manager": ("council:ZZ6", "pool_manager"),
    "finance": ("council:ZZ6", "section_151_officer"),
    "ccg": ("ccg:Z6A", "chief_finance_officer"),
}


class Desk:
    """A house of its own, whose clock is set, with a pool manager and both finance officers."""

    def __init__(self, house: House) -> None:
        self.at = datetime(2015, 6, 15, 9, tzinfo=UTC)
        self.requests = 0
        journal = MemoryJournal()
        self.house = House(house.areas, house.rulebook, journal, MemoryDrafts(), lambda: self.at)
        for account, (body, office) in OFFICES.items():
            stream = stream_of(body)
            journal.append(
                [give(body, office, account, FIRST_DAY)],
                expecting={stream: journal.version(stream)}, by="carepool", at=datetime(2015, 3, 1, tzinfo=UTC),
            )  # fmt: skip

    def actor(self, who: str) -> Actor:
        self.requests += 1
        return Actor(who, f"key-{self.requests}", who)

    def open(self, content: bytes | None = None, year: str = YEAR, who: str = "finance") -> Done | Refused:
        return open_from(self.house, self.actor(who), POOL, year, content or CARROWBY.read_bytes())

    def ask(self, who: str, event: Event, pence: int = 0, mandate: str = "", year: str = YEAR, **about: Any) -> Done | Refused:  # fmt: skip
        asked = Asked(event, about.pop("on", date(int(year[:4]), 6, 1)), pence, **about)
        return enter_of(self.house, self.actor(who), POOL, year, asked, mandate)

    def books(self, year: str = YEAR) -> Books:
        return books_now(self.house, POOL, year)

    def mandate(self, by: str, matter: Matter, words: bytes = b"As agreed on 1 June.") -> str:
        done = record_mandate_of(
            self.house, self.actor("manager"), POOL, YEAR, by, matter, date(2015, 6, 1), words
        )
        assert isinstance(done, Done), done
        assert isinstance(done.answer, dict)
        return str(done.answer["mandate"])

    def agree(self, who: str, mandate: str, partner: str) -> Done | Refused:
        return agree_mandate_of(self.house, self.actor(who), POOL, YEAR, mandate, partner)


@pytest.fixture
def desk(house: House) -> Desk:
    """A desk with an open pool."""
    found = Desk(house)
    assert isinstance(found.open(), Done)
    return found


def changed(**parts: object) -> bytes:
    """The illustrative agreement with some of its parts put in another way."""
    data = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)
    plain = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    return str(yaml.dump({**data, **parts}, Dumper=plain, sort_keys=False)).encode()


def says(found: object) -> str:
    assert isinstance(found, Refused), found
    return found.says


def test_a_pool_is_opened_from_its_agreement(desk: Desk) -> None:
    """Partners, host, contributions, schemes and their budgets are the agreement's, and performance money is off the pool."""
    books = desk.books()
    opening = books.opening
    assert opening
    assert (opening.host, opening.agreement_digest) == (COUNCIL, books.records.agreement_on(date(2015, 4, 1)))
    assert books.position(CCG).contributed == 1_744_985_028
    assert books.position(CCG).contingent == 156_003_000
    assert [(each.id, each.budget, each.social_care) for each in opening.schemes] == [
        ("s1", 677_741_698, False), ("s2", 936_878_229, True), ("s3", 378_738_008, False),
    ]  # fmt: skip
    assert opening.schemes[1].commissioned == {COUNCIL: 60, CCG: 40}
    agreement = agreement_for(desk.house, books, date(2016, 3, 31))
    assert agreement
    assert agreement.title == opening.agreement
    assert books.trial_balance() == 0


def test_only_the_hosts_finance_officer_opens(house: House) -> None:
    """Opening the books is the host's, by its finance officer; a year is opened once; a plan's address is a plan's pool."""
    desk = Desk(house)
    for who in ("manager", "ccg", "nobody"):
        assert "must be its section 151 officer or chief finance officer" in says(desk.open(who=who))
    assert isinstance(desk.open(), Done)
    assert "is open already" in says(desk.open())
    assert "has no contributions for 2014-15" in says(desk.open(year="2014-15"))
    with pytest.raises(Unusable, match="is no financial year"):
        desk.open(year="2015-17")


def test_an_agreement_that_lacks_what_the_law_asks_opens_nothing(house: House) -> None:
    """What the regulations ask is asked before any book is opened."""
    desk = Desk(house)
    with pytest.raises(Unusable, match="does not specify its aims"):
        desk.open(changed_without("aims"))
    with pytest.raises(Unusable, match=r"lacks|not YAML|empty"):
        desk.open(b"title: A\n")


def changed_without(part: str) -> bytes:
    """The illustrative agreement without one of its parts."""
    data = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)
    del data[part]
    plain = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    return str(yaml.dump(data, Dumper=plain, sort_keys=False)).encode()


def test_sources_grants_and_charges(house: House) -> None:
    """Budgets are by source, a grant has its conditions and its pass-on, and nobody is charged for what the NHS does."""
    dfg = "disabled_facilities_grant"
    data = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)
    others = [each for each in data["contributions"] if "source" not in each]
    scheme = {"id": "s4", "title": "Adaptations", "pounds": "400_000", "pays_from": {dfg: "400_000"}, "social_care": "yes", "functions": ["care_and_support"], "commissioning": "lead", "lead": COUNCIL, "accounting": "gross", "vat": "The council's", "clause": "S4"}  # fmt: skip
    grant = {"id": dfg, "year": YEAR, "determination": "A determination (fictitious)", "payer": "DCLG", "payee": COUNCIL, "pounds": "400_000", "conditions": "For adaptations alone", "pass_on": {"ZZ61": "300_000"}, "clause": "8"}  # fmt: skip
    put_in = {"partner": COUNCIL, "year": YEAR, "source": dfg, "pounds": "400_000", "clause": "7.3"}
    content = changed(schemes=[*data["schemes"], scheme], grants=[grant], contributions=[*others, put_in])  # fmt: skip
    desk = Desk(house)
    assert isinstance(desk.open(content), Done)
    opening = desk.books().opening
    assert opening
    assert opening.grants[0].conditions == opening.agreement_digest, "they stand in the agreement"
    assert desk.books().left("s4", dfg) == 40_000_000
    assert "what the NHS does is free" in says(desk.ask("manager", Event.CHARGED, 1, party=COUNCIL, scheme="s1"))  # fmt: skip
    assert isinstance(desk.ask("manager", Event.CHARGED, 1, party=COUNCIL, scheme="s4"), Done)
    bad = changed(grants=[grant], contributions=others)
    with pytest.raises(Unusable, match="is not in what ZZ6 contributes"):
        Desk(house).open(bad)


@pytest.mark.slow
def test_who_is_charged_is_for_the_rules_to_say(house: House) -> None:
    """An agreement that charges people for what the NHS does opens nothing; where it names no function, nobody is charged."""
    data = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)
    with_part = lambda **part: changed(schemes=[{**data["schemes"][0], "social_care": "yes", **part}, *data["schemes"][1:]])  # fmt: skip
    for under in (
        ["health_services"],
        ["care_and_support", "health_services"],
        ["intermediate_care"],
        ["nothing_known"],
        ["prevention"],
    ):
        with pytest.raises(
            Unusable, match="says that people can be charged for the scheme s1, and it is under"
        ):
            Desk(house).open(with_part(functions=under))
    desk = Desk(house)
    assert isinstance(desk.open(with_part()), Done)
    opening = desk.books().opening
    assert opening
    assert [each.social_care for each in opening.schemes] == [False, True, False]
    said = says(desk.ask("manager", Event.CHARGED, 1, party=COUNCIL, scheme="s1"))
    assert (
        "Nobody is charged for Rapid response: the agreement does not say which function it is under" in said
    )
    assert isinstance(desk.ask("manager", Event.CHARGED, 1, party=COUNCIL, scheme="s2"), Done)
    claims = [*data["functions"], {**data["functions"][0], "kind": "health_related", "of": COUNCIL}]
    with pytest.raises(
        Unusable, match="has health_services as a health-related function of Carrowby Council"
    ):
        Desk(house).open(changed(functions=claims))
    with pytest.raises(Unusable, match="says that people can be charged"):
        attach_agreement(
            desk.house, desk.actor("finance"), POOL, YEAR, with_part(functions=["health_services"])
        )


def test_beyond_a_limit_is_refused_with_who_may(desk: Desk) -> None:
    """Each office moves budget up to its limit; beyond that the refusal names who may, with the clause."""
    about = {"scheme": "s1", "to_scheme": "s2", "source": "pooled"}
    assert isinstance(desk.ask("manager", Event.REDEPLOYED, 5_000_000, **about), Done)
    said = says(
        desk.ask("manager", Event.REDEPLOYED, 5_000_001, **{**about, "scheme": "s3", "to_scheme": "s1"})
    )
    assert said == (
        "£50,000.01 is beyond your authority, which ends at £50,000 for a scheme or a body in the year (clause Schedule 2, row 1). "
        "Who may: the section 151 officer up to £100,000 "
        "(clause Schedule 2, row 2); the joint board up to £500,000 (clause Schedule 2, row 3); all partners together "
        "(clause Schedule 2, row 4)."
    )
    assert isinstance(desk.ask("finance", Event.REDEPLOYED, 5_000_001, **about), Done)
    order = {"scheme": "s1", "source": "pooled"}
    assert "which ends at £2,000,000" in says(desk.ask("manager", Event.COMMITTED, 200_000_001, **order))
    assert isinstance(desk.ask("finance", Event.COMMITTED, 200_000_001, **order), Done)


def test_a_bigger_virement_goes_by_the_joint_board(desk: Desk) -> None:
    """What the joint board decided is recorded with its minute, and lets exactly that be entered, once."""
    about = {"scheme": "s1", "to_scheme": "s2", "source": "pooled"}
    number = desk.mandate("joint_board", Matter("move_budget", 30_000_000, **about))
    other = {**about, "to_scheme": "s3"}
    assert "still waits for Z6A to confirm the minute" in says(desk.ask("manager", Event.REDEPLOYED, 30_000_000, number, **about))  # fmt: skip
    assert "does not wait for ZZ6: it waits for Z6A" in says(desk.agree("finance", number, COUNCIL))
    assert isinstance(desk.agree("ccg", number, CCG), Done)
    assert "is about something else" in says(desk.ask("manager", Event.REDEPLOYED, 30_000_000, number, **other))  # fmt: skip
    assert "Enter no more than that" in says(desk.ask("manager", Event.REDEPLOYED, 30_000_001, number, **about))  # fmt: skip
    assert isinstance(desk.ask("manager", Event.REDEPLOYED, 30_000_000, number, **about), Done)
    assert "was used for posting" in says(desk.ask("manager", Event.REDEPLOYED, 1, number, **about))
    posting = desk.books().postings[-1]
    assert desk.books().records.mandates[number].document in posting.cites
    much = desk.mandate("joint_board", Matter("move_budget", 60_000_000, **about))
    assert isinstance(desk.agree("ccg", much, CCG), Done)
    assert "beyond what the joint board may decide" in says(desk.ask("manager", Event.REDEPLOYED, 60_000_000, much, **about))  # fmt: skip


def test_contributions_are_varied_by_both_sides(desk: Desk) -> None:
    """What a partner puts in is varied when each partner's own finance officer has agreed: two people, one of each body."""
    about = {"party": CCG, "source": "pooled"}
    assert "Who may: all partners together" in says(desk.ask("finance", Event.CONTRIBUTED, 100, **about))
    number = desk.mandate("partners", Matter("vary_contribution", 100, **about))
    assert "must be its section 151 officer" in says(desk.agree("manager", number, COUNCIL))
    assert "must be its section 151 officer" in says(desk.agree("finance", number, CCG))
    assert isinstance(desk.agree("finance", number, COUNCIL), Done)
    assert "still waits for Z6A" in says(desk.ask("finance", Event.CONTRIBUTED, 100, number, **about))
    assert isinstance(desk.agree("ccg", number, CCG), Done)
    before = desk.books().position(CCG).contributed
    assert isinstance(desk.ask("finance", Event.CONTRIBUTED, 100, number, **about), Done)
    assert desk.books().position(CCG).contributed == before + 100


def test_another_agreement_holds_from_a_day(desk: Desk) -> None:
    """A varied agreement is another document from a day, by all partners; the earlier one stays and rules what was before."""
    data = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)
    new = {"id": "s4", "title": "Night sitting", "pounds": "100_000", "commissioning": "lead", "lead": COUNCIL, "accounting": "gross", "vat": "The council's", "social_care": "yes", "functions": ["care_and_support"], "recurrent": "no", "clause": "S4"}  # fmt: skip
    content = changed(limits=[], schemes=[*data["schemes"], new])
    day = date(2015, 10, 1)
    vary = lambda mandate="": attach_agreement(desk.house, desk.actor("finance"), POOL, YEAR, content, day, mandate)  # fmt: skip
    assert "is varied by all its partners" in says(vary())
    number = desk.mandate("partners", Matter("vary_agreement"), content)
    assert "still waits for ZZ6 and Z6A" in says(vary(number))
    for who, partner in (("finance", COUNCIL), ("ccg", CCG)):
        assert isinstance(desk.agree(who, number, partner), Done)
    assert isinstance(vary(number), Done)
    books = desk.books()
    first, second = (books.records.agreement_on(each) for each in (date(2015, 9, 30), day))
    assert first != second
    assert desk.house.journal.document(first)
    about = {"scheme": "s1", "to_scheme": "s4", "source": "pooled"}
    assert "is beyond your authority" in says(desk.ask("manager", Event.REDEPLOYED, 9_000_000, **about))
    assert "is still to come" in says(desk.ask("manager", Event.REDEPLOYED, 9_000_000, on=day, **about))
    desk.at = datetime(2015, 10, 1, 9, tzinfo=UTC)
    assert isinstance(desk.ask("manager", Event.REDEPLOYED, 9_000_000, on=day, **about), Done)
    assert desk.books().left("s4", "pooled") == 9_000_000


def test_what_a_year_leaves_is_in_the_next(desk: Desk) -> None:
    """What is carried forward is what the next year opens with; opened before the accounts are closed, it follows by an event."""
    early = desk.open(year="2016-17")
    assert isinstance(early, Done)
    assert desk.books("2016-17").amount(Heading.BROUGHT) == 0
    assert "are not closed" in says(bring_forward(desk.house, desk.actor("finance"), POOL, "2016-17"))
    assert isinstance(desk.ask("finance", Event.CARRIED, 77_00, party=COUNCIL), Done)
    desk.at = datetime(2016, 5, 20, 9, tzinfo=UTC)
    end(desk)
    for _ in range(2):
        done = bring_forward(desk.house, desk.actor("finance"), POOL, "2016-17")
    assert "is brought forward" in says(done)
    books = desk.books("2016-17")
    assert (books.amount(Heading.BROUGHT, COUNCIL), books.trial_balance()) == (77_00, 0)
    received = desk.ask("finance", Event.RECEIVED, 77_00, year="2016-17", on=desk.at.date(), party=COUNCIL, source="brought_forward")  # fmt: skip
    assert isinstance(received, Done)
    late = Desk(desk.house)
    assert isinstance(late.open(), Done)
    assert isinstance(late.ask("finance", Event.CARRIED, 77_00, party=COUNCIL), Done)
    late.at = datetime(2016, 5, 20, 9, tzinfo=UTC)
    end(late)
    assert isinstance(late.open(year="2016-17"), Done)
    opening = late.books("2016-17").opening
    assert opening
    assert opening.brought == {COUNCIL: 77_00}
    assert late.books("2016-17").balances[Account(Heading.PROMISED, COUNCIL, "brought_forward")] == 77_00


def granted(pounds: str, goes: dict[str, str]) -> bytes:
    """The illustrative agreement with another capital grant of that much in the place of its own, and what goes on of it."""
    (grant,) = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)["grants"]
    return changed(grants=[{**grant, "pounds": pounds, "pass_on": goes}])


def test_a_capital_grant_is_varied_with_its_agreement(desk: Desk) -> None:
    """Another agreement has a grant on other terms, and never less passed on than went; what nobody has put in is no grant."""
    dfg, day = "disabled_facilities_grant", date(2015, 10, 1)

    def vary(content: bytes) -> Done | Refused:
        number = desk.mandate("partners", Matter("vary_agreement"), content)
        for who, partner in (("finance", COUNCIL), ("ccg", CCG)):
            assert isinstance(desk.agree(who, number, partner), Done)
        return attach_agreement(desk.house, desk.actor("finance"), POOL, YEAR, content, day, number)

    assert isinstance(desk.ask("finance", Event.RECEIVED, 57_463_302, party=COUNCIL, source=dfg), Done)
    gone = desk.ask("finance", Event.PASSED_ON, 9_000_000, party="ZZ11", source=dfg)
    assert isinstance(gone, Done)
    assert "£90,000 of Disabled Facilities Grant determination 2015-16 (fictitious) went on to ZZ11" in says(vary(granted("574_633.02", {"ZZ12": "90_000"})))  # fmt: skip
    assert "goes on to ZZ11, and not to ZZ12" in says(desk.ask("finance", Event.PASSED_ON, 1, party="ZZ12", source=dfg))  # fmt: skip
    assert isinstance(vary(granted("574_633.02", {"ZZ11": "90_000", "ZZ12": "5_000"})), Done)
    books = desk.books()
    assert books.opening and books.opening.grants[0].conditions == books.records.agreement_on(day)
    assert isinstance(desk.ask("finance", Event.PASSED_ON, 500_000, party="ZZ12", source=dfg), Done)
    assert [each.passed for each in glance(desk.books()).grants] == [{"ZZ11": 9_000_000, "ZZ12": 500_000}]


def test_an_agreement_brings_no_grant_that_nobody_put_in(desk: Desk) -> None:
    """The pool of an agreement without a grant takes one from the next only where its payee has agreed to put it in."""
    content = CARROWBY.read_bytes()
    books = empty_pool(desk)
    said = attach_agreement(desk.house, desk.actor("finance"), "bare", YEAR, content)
    assert books.opening and not books.opening.grants
    assert "ZZ6 has agreed to put £0 of disabled_facilities_grant into the pool" in says(said)


def empty_pool(desk: Desk) -> Books:
    """A pool of these partners with no agreement on file and nothing in it, as a plan would open one."""
    opening = desk.books().opening
    assert opening
    bare = replace(
        opening, agreement_digest="", contributions=opening.contributions[:1], schemes=(), grants=()
    )
    done = perform(
        desk.house.journal, lambda books: open_pool(books, bare, "council:ZZ6"),
        load=lambda reading: desk.house.shelf.now("bare", YEAR, reading.after),
        by="finance", key="bare", request="bare", clock=desk.house.clock,
    )  # fmt: skip
    assert isinstance(done, Done), done
    return books_now(desk.house, "bare", YEAR)


def end(desk: Desk) -> None:
    """Close every month and the accounts; the performance money was never earned."""
    from carepool.pool.books import stream_of as books_stream
    from carepool.pool.releases import keep_money

    for month in [f"2015-{each:02}" for each in range(4, 13)] + ["2016-01", "2016-02", "2016-03"]:
        assert isinstance(close_month_of(desk.house, desk.actor("finance"), POOL, YEAR, month), Done)
    done = perform(
        desk.house.journal,
        lambda books: keep_money(books, {CCG: {Quarter(2015, 4): 0}}, "e" * 64, "council:ZZ6"),
        load=lambda reading: desk.house.shelf.now(POOL, YEAR, reading.after),
        by="finance", key=f"keep-{books_stream(POOL, YEAR)}", request="keep", clock=desk.house.clock,
    )  # fmt: skip
    assert isinstance(done, Done), done
    assert isinstance(end_year_of(desk.house, desk.actor("finance"), POOL, YEAR), Done)


def test_a_section_256_transfer_is_of_the_year_that_the_rules_date_it_to(desk: Desk) -> None:
    """The rules of the fund have the transfer in 2014-15: the books of another year take none, and those of that year do."""
    about = {"party": COUNCIL, "payee": "nhs_england"}
    words = says(desk.ask("manager", Event.TRANSFERRED, 10_00, **about))
    assert "The transfer under section 256 is of 2014-15 (Statement of August 2013" in words
    assert "these books are of 2015-16" in words
    sums = [{"partner": COUNCIL, "year": "2014-15", "pounds": "1_000", "clause": "7.1"}, {"partner": CCG, "year": "2014-15", "pounds": "1_000", "clause": "7.1"}]  # fmt: skip
    duration = {"from": "2014-04-01", "to": "2017-03-31"}
    desk.at = datetime(2014, 6, 15, 9, tzinfo=UTC)
    opened = desk.open(changed(contributions=sums, duration=duration, grants=[]), "2014-15")
    assert isinstance(opened, Done), opened
    done = desk.ask("manager", Event.TRANSFERRED, 10_00, year="2014-15", **about)
    assert isinstance(done, Done), done
