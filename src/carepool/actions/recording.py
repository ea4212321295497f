"""Decisions taken away from carepool: recorded from a document and confirmed by a second person, or signed by a link once."""

from dataclasses import replace
from datetime import date

from carepool.actions.deciding import (
    contribution,
    counts_from,
    effect_seen,
    is_ratified,
    may_decide,
    not_in_time,
    not_needed,
    takes_effect,
)
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, view
from carepool.actions.signing import Seen, Signed, Signing, sign
from carepool.actions.standings import name_of
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.basics.words import blank
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.offices.holdings import Holding, Permit, holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.signoff import facts as sayings
from carepool.signoff.call_in import Effect
from carepool.signoff.decisions import Link, Record, by_link, said
from carepool.signoff.facts import decided, stream_of
from carepool.signoff.standing import Outcome, Standing
from carepool.signoff.ways import How, faults

LARGEST = 10_000_000
"""Bytes of a document that a decision is recorded from."""
PRINTED = 8
"""How many characters of the digest, as the paper prints them, confirm a record."""
LONGEST_LINK = 60
"""Days for which a link may hold."""

_TYPES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def media_type(content: bytes) -> str:
    """What kind of document it is, by its content. Unusable for any but PDF, PNG and JPEG, for an empty or too large one."""
    if not content:
        raise Unusable("The document is empty. Choose the signed page or the minute, as PDF, PNG or JPEG.")
    if len(content) > LARGEST:
        raise Unusable(
            f"The document is larger than {LARGEST // 1_000_000} MB. Scan it at a lower resolution."
        )
    for begins, found in _TYPES:
        if content.startswith(begins):
            return found
    raise Unusable("The document is no PDF, PNG or JPEG. Scan or save the signed page or the minute as one.")


def record_decision(
    house: House, actor: Actor, plan: str, body: str, digest: str, findings: str, content: bytes,
    *, agrees: bool, how: How, reasons: str = "",
) -> Signing:  # fmt: skip
    """Record a body's decision on the current version from its signed page or minute; it counts once another confirms.

    Refused like a decision, and where the rules know no record from a document. Unusable for what is no document.
    """
    found = view(house, plan)
    kind = body.partition(":")[0]
    new = house.journal.command(actor.account, actor.key) is None
    if new and (refusal := not_needed(house, found, body)):
        return refusal
    if "document" not in {each.kind for each in found.rules.decisions.ways_of(kind)}:
        return Refused("These rules know no decision recorded from a document. Ask the body to decide here.")
    if new and (wrong := faults(how, found.rules.decisions, kind, house.today)):
        return Refused(wrong[0][1])
    if how.tolerance is not None:
        return Refused("Limits are not recorded from a document. Ask the body to agree within limits here.")
    if how.meeting is None:
        return Refused("Write the day on which it was decided, as the document says.")
    if how.meeting.on > house.today:
        return Refused(f"{in_words(how.meeting.on)} is to come, so nothing was decided then. Write the day that the document says.")  # fmt: skip
    if how.way == "link":
        return Refused(
            "What is signed by a link is not recorded from a document: its officer signs by the link."
        )
    if not agrees and blank(reasons):
        return Refused("A refusal needs its reasons, so that the others know what to change. Write them.")
    paper = Document("minute", media_type(content), content, house.salt())
    meeting = how.meeting

    def judge(seen: Seen) -> Refused | None:
        refusal = _waits(house, body, digest, seen) or _open(house, found, body, seen, agrees=agrees, how=how)
        return refusal or not_in_time(effect_seen(house, body, seen, how, agrees=agrees))

    def facts(seen: Seen, document: str) -> tuple[NewFact]:
        effect = effect_seen(house, body, seen, how, agrees=agrees)
        assert isinstance(effect, Effect)  # noqa: S101 (a refusal was answered before)
        return (
            sayings.record(
                plan, body, digest, findings, paper.digest, document,
                agrees=agrees, way=how.way, decided_on=meeting.on, effect=effect,
            ),
        )  # fmt: skip

    more = {**how.as_data(), "agrees": agrees, "document": paper.digest}
    asked = {"document": Document("minute", paper.media_type, content).digest}
    signed = Signed(
        "record_decision", body, "record a decision", digest, findings, reasons, more, asked=asked,
        worked=lambda seen: takes_effect(house, effect_seen(house, body, seen, how, agrees=agrees)),
    )  # fmt: skip
    return sign(house, actor, found, signed, judge, facts, (paper,))


def _waits(house: House, body: str, digest: str, seen: Seen, office: str = "") -> Refused | None:
    """The refusal where a decision of the body, or of this office of it, on a version waits to be confirmed."""
    waiting = [
        each
        for each in seen.standing.said.records.values()
        if each.body == body
        and each.digest == digest
        and ("" in {office, each.office} or office == each.office)
    ]
    if not waiting:
        return None
    done = "signed by a link" if waiting[0].way == "link" else "recorded"
    return Refused(
        f"A decision of {name_of(house, body)} on this version is {done} already and waits to be confirmed."
    )


def _open(
    house: House,
    found: PlanView,
    body: str,
    seen: Seen,
    *,
    agrees: bool,
    how: How = How(),  # noqa: B008  (frozen)
    office: str = "",
) -> Refused | None:
    """Whether the body can still decide so on the current version."""
    party = seen.standing.of(body)
    if party and party.outcome in {Outcome.AGREED, Outcome.NOT_YET} and agrees and not party.kept:
        return Refused(f"{name_of(house, body)} has already decided to agree to this version.")
    plain = replace(seen, allowed=Permit("decide_plan", Holding(body, office, "", date.min, None)))
    return may_decide(house, found, body, plain, agrees=agrees, how=How(meeting=how.meeting, key=how.key))


def confirm_record(
    house: House,
    actor: Actor,
    plan: str,
    record: str,
    printed: str,
    *,
    stands: bool = True,
    reasons: str = "",
) -> Signing:
    """A second person holds the record against its document: ``printed`` is how the document's digest begins.

    Of what was signed by a link ``reasons`` say how they made sure that it was the officer. Confirmed, it is the body's
    decision; rejected, with reasons, it never counts.
    """
    found = view(house, plan)
    kept = _record_named(house, found, record)
    typed = printed.strip().casefold().replace(" ", "")
    linked = kept.way == "link"
    if stands and linked and blank(reasons):
        return Refused(
            "Write how you made sure that it was the officer who signed: whom you asked, and by which way other than the link."
        )
    if stands and not linked and (len(typed) < PRINTED or not kept.digest.startswith(typed)):
        return Refused(
            f"“{printed.strip()[:70]}” is not how the digest of this version begins. Type the first {PRINTED} characters "
            "that the document shows; if it shows others, the record does not stand."
        )
    if not stands and blank(reasons):
        return Refused("To reject a record needs its reasons. Write what the document says instead.")

    def done(_: object, account: str) -> set[str]:
        return {"send_link" if linked else "record_decision"} if account == kept.by else set()

    def judge(seen: Seen) -> Refused | None:
        if Digest(record) not in seen.standing.said.records:
            return Refused("This record does not wait to be confirmed any more. Look at the decisions.")
        version = seen.standing.version
        if stands and (version is None or version.digest != kept.digest):
            return Refused(
                "Another version was saved since the decision was recorded, so it is of an earlier one. "
                "Reject the record, and ask the body about the current version."
            )
        if stands and _since(seen.standing, kept):
            return Refused(
                f"{name_of(house, kept.body)} has decided again, or taken a decision back, since this was recorded. "
                "Reject the record; if the document is the later word, record it anew."
            )
        if not stands:
            return None
        how = How(key=kept.effect.key)
        return _open(house, found, kept.body, seen, agrees=kept.agreed, how=how, office=kept.office)

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        if not stands:
            return (sayings.reject_record(plan, kept.body, record, document),)
        due = found.rules.due
        passed = due and (due.at.instant < kept.at if linked else kept.decided_on > due.at.day)
        late = due.id if due and passed else ""
        kind = kept.body.partition(":")[0]
        return (
            decided(
                plan, kept.body, kept.digest, kept.findings, document, agrees=kept.agreed, way=kept.way,
                office=kept.office, effect=counts_from(house, kept.effect), late_for=late,
                to_ratify=is_ratified(found, How(kept.way), kind), record=record,
            ),
        )  # fmt: skip

    what = "what was signed by a link" if linked else "a record"
    word = f"confirm {what}" if stands else f"reject {what}"
    more = {"record": record, "document": kept.document, "stands": stands, "printed": typed}
    signed = Signed("confirm_record", kept.body, word, reasons=reasons, more=more, done=done)
    return sign(house, actor, found, signed, judge, facts)


def _since(now: Standing, kept: Record) -> bool:
    """Whether the body has said anything here since a decision of it was recorded; where several sign, that office."""
    party = now.of(kept.body)
    several = party is not None and party.several and kept.office
    mine = [
        each
        for each in now.said.decisions
        if each.body == kept.body and (not several or each.office == kept.office)
    ]
    return any(
        each.at > kept.at or (each.undone_at is not None and each.undone_at > kept.at) for each in mine
    )


def _record_named(house: House, found: PlanView, record: str) -> Record:
    heard = said(house.journal.read(stream_of(found.history.id)))
    kept = heard.records.get(Digest(record)) if _is_digest(record) else None
    if kept is None:
        raise NotHere(f"No record {record[:12]} of “{found.history.title}” waits to be confirmed.")
    return kept


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(each in "0123456789abcdef" for each in text)


# By a link


def token_digest(token: str) -> Digest:
    """What is kept of what a link bears: from it the link cannot be made."""
    return digest_of("link", 1, token)


def send_link(
    house: House, actor: Actor, plan: str, body: str, office: str, name: str, address: str,
    token: str, digest: str, findings: str, last: date,
) -> Signing:  # fmt: skip
    """Send somebody of a body a link to read the current version and sign once; ``token`` is the digest of its secret.

    Refused where the rules know no signing by a link, for an office that may not decide, or for a day past or far off.
    """
    found = view(house, plan)
    kind = body.partition(":")[0]
    authorities = found.rules.authorities
    if "link" not in {each.kind for each in found.rules.decisions.ways_of(kind)}:
        return Refused("These rules know no signing by a link. Ask the officer to sign in.")
    offices = [each.name for each in authorities.offices if kind in each.of]
    if office not in authorities.of("decide_plan").offices or office not in offices:
        return Refused(f"{authorities.title(office)} does not decide for such a body. Choose another office.")
    if blank(name) or blank(address):
        return Refused("Write the officer's name, and the address that the link goes to.")
    if not 0 <= (last - house.today).days <= LONGEST_LINK:
        return Refused(f"Let the link hold until a day from today on, within {LONGEST_LINK} days.")

    def judge(seen: Seen) -> Refused | None:
        refusal = not_needed(house, found, body) or _waits(house, body, digest, seen, office)
        return refusal or _open(house, found, body, seen, agrees=True, office=office)

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (sayings.send_link(plan, body, digest, office, token, last, document),)

    more = {"to": name.strip(), "address": address.strip(), "to_office": office, "last": last.isoformat()}
    signed = Signed("send_link", body, "send a link to sign by", digest, findings, more=more)
    return sign(house, actor, found, signed, judge, facts)


def link_of(house: House, token: str) -> tuple[str, Link] | None:
    """The plan and the link that a token is for; None for one that does not hold.

    That is one that is unknown, used, past its day or of an older version, or whose sender's office has ended.
    """
    digest = token_digest(token)
    for stream in house.journal.streams("signoff/"):
        link = said(house.journal.read(stream)).links.get(digest)
        if link is not None:
            plan = stream.removeprefix("signoff/")
            found = view(house, plan, alone=True)
            current = found.history.current
            fits = current is not None and current.digest == link.digest and house.today <= link.last
            fits = fits and _sender_stands(house, found, link)
            return (plan, link) if fits else None
    return None


def signed_by(house: House, token: str, key: str) -> tuple[str, Link] | None:
    """The plan and the link that was signed by with a form of this key; None to whoever has not both.

    The link holds no more. The form that was sent by it is known when it arrives again, and is answered as it was.
    """
    digest = token_digest(token)
    if house.journal.command(by_link(digest), key) is None:
        return None
    for stream in house.journal.streams("signoff/"):
        facts = house.journal.read(stream)
        for number, fact in enumerate(facts):
            if fact.kind == "SignedByLink" and fact.body["token"] == digest:
                link = said(facts[:number]).links.get(digest)
                return (stream.removeprefix("signoff/"), link) if link else None
    return None


def _sender_stands(house: House, found: PlanView, link: Link) -> bool:
    """Whether whoever sent a link holds an office today by which links are sent."""
    senders = found.rules.authorities.of("send_link").offices
    held = holdings(house.journal.read(office_stream(link.body)))
    return any(each.account == link.by and each.office in senders and each.on(house.today) for each in held)


def sign_by_link(
    house: House, token: str, name: str, findings: str, key: str,
    *, agrees: bool, reasons: str = "", key_decision: bool | None = None,
) -> Signing:  # fmt: skip
    """An officer who has no account signs by the link that was sent to them, once. NotHere for a link that does not hold.

    Whoever sent it chose the address: so it counts once somebody else has confirmed that the officer signed. ``key`` is that of
    the request, by which it is answered as it was when it arrives again; ``key_decision`` says whether it is one, where the body
    takes key decisions.
    """
    held = link_of(house, token) or signed_by(house, token, key)
    if held is None:
        raise NotHere("This link does not hold any more. Ask the clerk who sent it for another.")
    plan, link = held
    found = view(house, plan)
    if blank(name):
        return Refused("Write your name, as it is to stand under the decision.")
    if not agrees and blank(reasons):
        return Refused("A refusal needs its reasons, so that the others know what to change. Write them.")
    actor = Actor(by_link(link.token), key, name.strip())
    how = How("link", key=key_decision if agrees else None)

    def judge(seen: Seen) -> Refused | None:
        if link.token not in seen.standing.said.links:
            return Refused("This link does not hold any more: it was used, or that office has decided since.")
        if not _sender_stands(house, found, link):
            return Refused(
                "Whoever sent this link does not hold that office any more. Ask the body for another link."
            )
        refusal = _waits(house, link.body, link.digest, seen, link.office)
        refusal = refusal or may_decide(house, found, link.body, seen, agrees=agrees, how=how)
        return refusal or not_in_time(effect_seen(house, link.body, seen, how, agrees=agrees))

    def facts(seen: Seen, document: str) -> tuple[NewFact]:
        effect = effect_seen(house, link.body, seen, how, agrees=agrees)
        assert isinstance(effect, Effect)  # noqa: S101 (a refusal was answered before)
        return (
            sayings.sign_by_link(
                plan, link.body, link.digest, findings, link.office, link.token, document, agrees=agrees, effect=effect
            ),
        )  # fmt: skip

    more = {"way": "link", "link": link.token, "sent_by": link.by, "key": how.key}
    word = "agree to" if agrees else "refuse"
    signed = Signed(
        "decide_plan", link.body, word, link.digest, findings, reasons, more, contribution(found, link.body),
        worked=lambda seen: takes_effect(house, effect_seen(house, link.body, seen, how, agrees=agrees)),
        asked={"name": name.strip()},
    )  # fmt: skip
    allowed = Permit("decide_plan", Holding(link.body, link.office, actor.account, house.today, link.last))
    return sign(house, actor, found, signed, judge, facts, allowed=allowed)
