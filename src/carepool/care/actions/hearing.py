"""What the person and carers say after a review: by themselves, or written down by a practitioner who asked them and says so."""

from collections.abc import Mapping
from datetime import datetime

from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.assessing import CARERS_OWN
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked
from carepool.care.actions.writing import Writing, write
from carepool.care.planning import agreeing
from carepool.care.planning.agreeing import CARER, PERSON
from carepool.care.planning.assessment import read_assessment
from carepool.care.planning.care import Care, Review
from carepool.journal.commands import Decision, Done
from carepool.rules.caring import VoiceQuestions

OF_PERSON = Writing("direct_care", "wishes", themselves=True)
DECLINED = "declined"
ONLY_OWN = "You answer for yourself here."


def asked(house: CareHouse) -> VoiceQuestions:
    """What is asked after a review."""
    rules = house.rulebook.caring(house.today)
    found = rules.find("voice", VoiceQuestions)
    if found is None:
        raise Unusable(f"The rules {rules.name} ask nothing after a review.")
    return found


def who_is(role: Role) -> str:
    """As who an account of one's own answers."""
    return PERSON if role.kind is RoleKind.PERSON else f"{CARER}{role.account}"


def carers_of(said: Unlocked, care: Care) -> dict[str, str]:
    """The carers whom the last assessment names, by id."""
    last = care.assessments[-1] if care.assessments else None
    return {each.id: each.name for each in read_assessment(said.documents[last.document]).carers} if last else {}  # fmt: skip


def last_review(care: Care) -> Review | None:
    """The review that was held last."""
    return care.reviews[-1] if care.reviews else None


def has_answered(review: Review, who: str) -> bool:
    """Whether somebody has answered after a review."""
    return any(each.who == who for each in review.voices)


def hear(
    house: CareHouse, role: Role, person: str, review: str, who: str, typed: Mapping[str, str], key: str
) -> Done | Refused:
    """Record what somebody answers after a review, once. What is not answered is declined."""
    questions = asked(house)
    if role.kind is not RoleKind.PRACTITIONER and who != who_is(role):
        return Refused(ONLY_OWN)
    answers: dict[str, int | None] = {}
    for question, words in typed.items():
        if words and words != DECLINED:
            if not (words.isascii() and words.isdecimal() and len(words) < 3):
                return Refused("Choose one of the answers that are there.")
            answers[question] = int(words)

    def decide(said: Unlocked, care: Care, _at: datetime) -> Decision | Refused:
        if role.kind is RoleKind.PRACTITIONER and who != PERSON and who.removeprefix(CARER) not in carers_of(said, care):  # fmt: skip
            return Refused(
                "No carer of that name is in the last assessment. Name them among the carers first."
            )
        return agreeing.hear_voice(care, review, who, house.board, answers, questions)

    writing = OF_PERSON if who == PERSON else CARERS_OWN
    return write(house, role, person, writing, decide, key, {"voice": review, "who": who, "says": dict(typed)})  # fmt: skip
