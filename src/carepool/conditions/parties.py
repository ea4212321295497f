"""Whose plan it is: every party exists and is named, and the host is a partner, never the board."""

from carepool.basics.findings import Finding, Severity
from carepool.conditions.known import Known, blocker
from carepool.places.bodies import BodyKind
from carepool.plans.document import Plan


def parties_are_known(plan: Plan, known: Known) -> list[Finding]:
    """Every party is a body that exists, of the kind that it is named as, and the host is a partner, never the board."""
    rule = known.rules.cite("decisions")
    findings = []
    one = known.commissioner.a_word
    for name, kind in (
        ("boards", BodyKind.BOARD),
        ("councils", BodyKind.COUNCIL),
        ("ccgs", known.commissioner),
    ):
        codes: tuple[str, ...] = getattr(plan.parties, name)
        first = {code: number for number, code in reversed(list(enumerate(codes)))}
        for number, code in enumerate(codes):
            if first[code] < number:
                findings.append(
                    blocker("party-twice", f"parties/{name}/{number}", f"{code} is named twice as {kind.a_word}.", "Take one of the two out.", rule)
                )  # fmt: skip
            if code not in known.bodies[kind]:
                findings.append(
                    blocker("unknown-party", f"parties/{name}/{number}", f"{code} is no {kind.word} that carepool knows.", "Write the code of one, or take it out.", rule)
                )  # fmt: skip
    host = plan.parties.host
    if not host:
        findings.append(
            blocker("no-host", "parties/host", "No partner is named as host of the pooled account.", f"Name a council or {one} of the plan.", rule)
        )  # fmt: skip
    elif host not in (*plan.parties.councils, *plan.parties.ccgs):
        findings.append(
            blocker("host-not-partner", "parties/host", f"The host {host} is neither a council nor {one} of the plan.", "Name one of them; a board cannot hold a pool.", rule)
        )  # fmt: skip
    return findings


def all_parties_are_there(plan: Plan, known: Known) -> list[Finding]:
    """A plan names the boards it was started for, every council of its boards, and every commissioner whose people live there and who contributes."""
    rule = known.rules.cite("conditions") + " jointly_agreed"
    own, findings = known.own, []
    if not plan.parties.boards:
        findings.append(
            blocker(
                "no-board",
                "parties/boards",
                "The plan names no Health and Wellbeing Board.",
                "Add its board.",
                rule,
            )
        )
    for board in own.councils:
        if board not in plan.parties.boards:
            findings.append(
                blocker("board-missing", "parties/boards", f"The plan was started for the board {board}, and does not name it.", "Add it: it decides on every version. A plan without it is started as another plan.", rule)
            )  # fmt: skip
    for board in (*plan.parties.boards, *(each for each in own.councils if each not in plan.parties.boards)):
        councils, ccgs = known.members.get(
            board, (own.councils.get(board, ()), tuple(own.people.get(board, ())))
        )
        must = own.commissioners(known.rules.decisions, board)
        for council in councils:
            if council not in plan.parties.councils:
                findings.append(
                    blocker("council-missing", "parties/councils", f"{council} is a council of {board} and not a party.", "Add it: each council agrees the plan.", rule)
                )  # fmt: skip
        for ccg in ccgs:
            if ccg in plan.parties.ccgs:
                continue
            if ccg in must:
                findings.append(
                    blocker(f"{known.commissioner}-missing", "parties/ccgs", f"Too many people of {board} are those of {ccg} for it to be left out, and it is not a party.", "Add it: it decides on every version.", rule)
                )  # fmt: skip
            else:
                findings.append(
                    Finding(f"{known.commissioner}-missing", Severity.WARNING, "parties/ccgs", f"Some people of {ccg} live in {board}, and it is not a party.", "Add it, or say in the boundary note whose plan it contributes to.", rule)
                )  # fmt: skip
    return findings
