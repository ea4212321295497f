"""Whether a decision is a key one, asked wherever a body decides; and from when it counts, in words."""

from collections.abc import Callable, Iterable

from carepool.actions.calendar import diary_of
from carepool.actions.house import House
from carepool.actions.taking_effect import effect_of, knows_key, urgency_routes
from carepool.basics.refusals import Refused, Unusable
from carepool.places.bodies import Body
from carepool.render.words import day
from carepool.signoff.call_in import CallIn, Effect, Urgency
from carepool.signoff.decisions import Decision
from carepool.signoff.standing import Standing
from carepool.signoff.ways import How
from carepool.web.acts import Answers, Ask, Wrong

QUESTION = "Is it a key decision?"
HINT = "A key decision can be called in by members of the council, and takes effect once it no longer can."
NOT_SAID = "Say whether it is a key decision."
NO_ROUTE = "none"
Choices = tuple[tuple[str, str], ...]


def takers(house: House, bodies: Iterable[Body]) -> list[Body]:
    """Those of some bodies that take key decisions."""
    return [each for each in bodies if knows_key(house, each.kind, house.today)]


def asks_key(house: House, body: str) -> bool:
    """Whether the question is put to a body."""
    return knows_key(house, body.partition(":")[0], house.today)


def key_choices(house: House, body: str) -> Choices:
    """The answers for one body that decides today, with the day from which a key decision would count; none where it takes none."""
    if not asks_key(house, body):
        return ()
    yes = "Yes"
    try:
        effect = effect_of(house, diary_of(house, body), How(key=True), house.today)
    except Unusable:
        return (("yes", yes), ("no", "No"))
    if not isinstance(effect, Refused) and (later := effect.after(house.today)):
        yes = f"Yes: it takes effect on {day(later)}, once it can no longer be called in"
    return (("yes", yes), ("no", "No: it takes effect at once"))


def key_in(sent: str) -> bool | None:
    """An answer to the question; None where there is none."""
    return {"yes": True, "no": False}.get(sent)


def ask_key(house: House, bodies: Iterable[Body]) -> tuple[Ask, ...]:
    """The question with what an urgency route needs; nothing where none of the bodies takes key decisions."""
    found = takers(house, bodies)
    if not found:
        return ()
    names = ", ".join(each.name for each in found)
    yes_no = (("yes", "Yes"), ("no", "No"))
    asks = (Ask("key_decision", QUESTION, "choice", f"For {names}, where it agrees. {HINT}", yes_no),)
    try:
        routes = urgency_routes(house, [each.kind for each in found], house.today)
    except Unusable:
        return asks
    if not routes:
        return asks
    choices = ((NO_ROUTE, "It can wait for a call-in"), *((each.id, each.says) for each in routes))
    needs = "; ".join(f"{each.says}: one must {each.needs}" for each in routes)
    return (
        *asks,
        Ask("urgency", "Can a key decision not wait for a call-in?", "choice", f"{needs}.", choices, NO_ROUTE),
        Ask("urgent_because", "Why it cannot wait", "words", "Only for an urgency route. It is kept with what is signed."),
        Ask("urgent_agreed_by", "Who agreed that it cannot wait", hint="Only for an urgency route: their office, and when."),
    )  # fmt: skip


def answered_key(
    house: House, answers: Answers, body: str, *, agrees: bool
) -> tuple[bool | None, Urgency | None]:
    """The answers for a body that agrees, as they were typed. Wrong where the question was not answered."""
    if not agrees or not asks_key(house, body):
        return None, None
    key = key_in(answers.text("key_decision"))
    if key is None:
        raise Wrong("key_decision", NOT_SAID)
    route = answers.text("urgency")
    if route in {"", NO_ROUTE}:
        return key, None
    if not key:
        raise Wrong(
            "urgency", "An urgency route is for a key decision. Say that it is one, or that it can wait."
        )
    because, agreed_by = answers.text("urgent_because"), answers.text("urgent_agreed_by")
    if not because:
        raise Wrong("urgent_because", "Write why the decision cannot wait for a call-in.")
    if not agreed_by:
        raise Wrong("urgent_agreed_by", "Write who agreed that it cannot wait.")
    return key, Urgency(route, because, agreed_by)


def key_words(made: Decision) -> list[tuple[str, str]]:
    """Whether a decision is a key one and the rule by which its day was reckoned, row by row; nothing where nobody was asked."""
    return effect_rows(Effect(made.key, None, made.call_in, made.urgency))


def effect_rows(effect: Effect) -> list[tuple[str, str]]:
    """The same of what a record says, with the day from which it would count."""
    rows = [] if effect.key is None else [("Key decision", "Yes" if effect.key else "No")]
    if effect.call_in:
        rows.append(("Reckoned by", reckoned_by(effect.call_in, effect.urgency)))
    return [*rows, ("Takes effect", day(effect.on))] if effect.on else rows


def reckoned_by(call_in: CallIn, urgency: str) -> str:
    """The rule by which the day of a key decision was reckoned, in words."""
    rule = f"{call_in.rules}/procedure, {call_in.rule.replace('_', ' ')}; digest {call_in.digest[:8]}"
    if urgency:
        return f"an urgency route, so that it does not wait for a call-in ({rule})"
    whose = "the body's own number of days" if call_in.own else "the rules"
    return f"{call_in.days} {call_in.unit} after {day(call_in.decided_on)} in which it can be called in, by {whose} ({rule})"


def effect_sentences(now: Standing, name: Callable[[str], str]) -> list[str]:
    """Of each body whose decision is there and does not count yet, from when it does; ``name`` gives a body's."""
    return [
        f"{name(each.body)} has decided, and its decision takes effect on {day(each.effective_on)}."
        for each in now.parties
        if each.effective_on
    ]
