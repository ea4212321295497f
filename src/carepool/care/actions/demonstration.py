"""Invented people for demonstration and tests: the same for the same seed, numbers that begin with 999, postcodes of nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from carepool.care.actions.ports import Identity, Pair, Role, RoleKind
from carepool.care.people.nhs_number import check_digit

PASSWORD = "care-illustrative-2014"  # noqa: S105  (printed at start, and refused in production)
SEED = 2014
PEOPLE = 60
ON_LISTS = 24
"""Of them, those whom somebody who can sign in works with; the others are there to be found, and to be counted."""
BOARD = "ZZ1"
"""The board of the illustrative county whose people they are."""
GIVEN = {
    "female": ("Adabel", "Bettony", "Clarimond", "Dulcetta", "Elfrith", "Fenella", "Gwynora", "Hesper", "Isaura", "Jessamy"),
    "male": ("Alaric", "Barnabus", "Corwin", "Dorian", "Edwy", "Florian", "Garrick", "Hartley", "Ivo", "Jocelyn"),
}  # fmt: skip
FAMILY = (
    "Mockingham", "Samplewood", "Testerby", "Fictingley", "Madeupton", "Pretendergast", "Notareal", "Inventley", "Fabelthwaite", "Imagindale",
    "Placeholme", "Dummerton", "Examplethorpe", "Storybrough", "Unrealby",
)  # fmt: skip
FAMILY_AND_FRIENDS = "family and friends"
"""In whose name a person and a carer act."""
STREETS = ("Invented Row", "Nowhere Lane", "Example Close", "Fable Street")


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who can sign in to the demonstration."""

    handle: str
    name: str
    role: Role


PLAYERS = (
    Player("social.worker", "Wanda Workaday", Role("care-1", RoleKind.PRACTITIONER, "Social worker", "Illustrative County Council", "social_care")),
    Player("district.nurse", "Norbert Nightshift", Role("care-2", RoleKind.PRACTITIONER, "District nurse", "Illustrative Community NHS Trust", "health")),
    Player("ward.nurse", "Wilma Wardround", Role("care-3", RoleKind.PRACTITIONER, "Discharge nurse", "Illustrative Hospital NHS Trust", "health")),
    Player("governance.lead", "Godfrey Guardian", Role("care-4", RoleKind.GOVERNANCE, "Caldicott guardian", "Illustrative County Council")),
    Player("commissioner", "Connie Commissioner", Role("care-5", RoleKind.COMMISSIONER, "Commissioner", "Illustrative CCG")),
)  # fmt: skip
"""Those whose work it is; the person and the carer who can sign in are of the first person."""
SOCIAL_WORKER, DISTRICT_NURSE, WARD_NURSE = "care-1", "care-2", "care-3"
CARER_OF_FIRST = "care-7"


def numbers(random: Random) -> Iterator[str]:
    """Different numbers of the range for demonstration, each with its check digit."""
    seen = set()
    while True:
        nine = f"999{random.randrange(10**6):06}"
        digit = check_digit(nine)
        if digit is not None and nine not in seen:
            seen.add(nine)
            yield f"{nine}{digit}"


def people(count: int = PEOPLE, seed: int = SEED) -> Iterator[Identity]:
    """So many invented people. One in ten has no number, and of the first sixty two share one, as real records do."""
    random = Random(seed)  # noqa: S311  (invented people, not secrets)
    drawn, first = numbers(random), ""
    for at in range(count):
        sex = random.choice(("female", "male"))
        number: str | None = next(drawn)
        first = first or number or ""
        if at == 41:
            number = first
        elif at % 10 == 9:
            number = None
        yield Identity(
            person=f"p{random.getrandbits(64):016x}",
            given=random.choice(GIVEN[sex]),
            family=random.choice(FAMILY),
            born=date(1920, 1, 1) + timedelta(days=random.randrange(365 * 50)),
            sex=sex,
            postcode=f"ZZ99 {random.randrange(10)}{random.choice('ABDEFGHJLNPQRSTUWXYZ')}{random.choice('ABDEFGHJLNPQRSTUWXYZ')}",
            address=f"{random.randrange(1, 99)} {random.choice(STREETS)}, Illustrative County",
            number=number,
            number_status="01" if number and at != 41 else "05" if number else "03",
            local_ids=(("Illustrative County Council", f"ICC-{at + 1:05}"),) if at % 2 == 0 else (),
            demonstration=True,
        )


def pairs_of(made: Sequence[Identity], at: datetime) -> tuple[tuple[Identity, ...], tuple[Pair, ...], tuple[Pair, ...]]:  # fmt: skip
    """Second records of two of the people, as a trust's own system has them; the pairs that wait for a reviewer, and one that a rule joins."""
    trust = "Illustrative Community NHS Trust"
    again, misspelled = (
        replace(who, person=f"{who.person[:-1]}{'0' if who.person[-1] != '0' else '1'}", local_ids=((trust, value),), address="")
        for who, value in ((made[6], "CT-4410"), (made[2], "CT-4417"))
    )  # fmt: skip
    again = replace(again, given=again.given[:1])
    misspelled = replace(misspelled, family=f"{misspelled.family[:-1]}n", number=None, number_status="03")
    waits = (
        Pair("pair-0001", made[0].person, made[41].person, "nhs_number alone", None, "Illustrative County Council", at),
        Pair("pair-0002", made[2].person, misspelled.person, "weight 11.2", 0.71, trust, at),
    )  # fmt: skip
    joined = Pair("pair-0003", made[6].person, again.person, "nhs_number+date_of_birth", 1.0, trust, at)
    return (again, misspelled), waits, (joined,)


def of_first(first: Identity) -> tuple[Player, ...]:
    """The first person's own account, and that of their carer."""
    return (
        Player(
            "person",
            first.name,
            Role("care-6", RoleKind.PERSON, "Yourself", FAMILY_AND_FRIENDS, person=first.person),
        ),
        Player(
            "carer",
            "Carola Carewell",
            Role(CARER_OF_FIRST, RoleKind.CARER, "Carer", FAMILY_AND_FRIENDS, person=first.person),
        ),
    )
