"""How the illustrative county's plans are assured: invented reviews by fictitious people, through the same actions as a real one."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from carepool.actions.assurances import Assured, Wanted, assured
from carepool.actions.assuring import assign_reviewer, decide_outcome, moderate, submit_review
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.assurance.judgement import QUALITY, RISK, Judged, Judgement
from carepool.journal.commands import Done

REVIEWERS = {"nhs": "nhs.reviewer", "local_government": "lga.assurer"}
"""Who reviews for each side."""
MODERATOR = "moderator"

Said = Mapping[str, tuple[str, str]]
"""What is judged below the best, or with words: by item, the level and the words."""


class Someone(Protocol):
    """A person of the demonstration."""

    @property
    def account(self) -> str:
        """Their account."""
        ...


class Stage(Protocol):
    """Where the demonstration acts."""

    house: House

    @property
    def cast(self) -> Mapping[str, Someone]:
        """The people by handle."""
        ...

    def actor(self, handle: str) -> Actor:
        """A person, with the key of their next request."""
        ...


def judgement(found: Assured, said: Said) -> Judgement:
    """A judgement of everything: the best of each scale, but for what is said otherwise."""
    items = {each.key: Judged(each.scale[0].id) for each in found.items}
    return Judgement({**items, **{key: Judged(level, words) for key, (level, words) in said.items()}})


def done(answer: object) -> None:
    """Every step of the demonstration is allowed; one that is not is a bug of ours."""
    if not isinstance(answer, Done):
        findings = [each.says for each in getattr(answer, "findings", ())]
        raise AssertionError(getattr(answer, "says", answer), findings)


def choose(stage: Stage, plan: str) -> None:
    """The moderator chooses both reviewers."""
    for side, handle in REVIEWERS.items():
        account = stage.cast[handle].account
        done(assign_reviewer(stage.house, stage.actor(MODERATOR), plan, side, account))


def review(stage: Stage, plan: str, side: str, said: Said) -> None:
    """A side's review of the version that stands."""
    found = assured(stage.house, plan)
    actor = stage.actor(REVIEWERS[side])
    done(submit_review(stage.house, actor, plan, side, found.digest, judgement(found, said)))


def settle(stage: Stage, plan: str, said: Said) -> None:
    """The moderator makes one judgement of both reviews."""
    found = assured(stage.house, plan)
    done(moderate(stage.house, stage.actor(MODERATOR), plan, found.digest, judgement(found, said)))


def outcome(
    stage: Stage, plan: str, handle: str, chosen: str, conditions: Mapping[str, date] | None = None, reasons: str = ""
) -> None:  # fmt: skip
    """NHS England decides."""
    found = assured(stage.house, plan)
    wanted = tuple(Wanted(words, due) for words, due in (conditions or {}).items())
    done(decide_outcome(stage.house, stage.actor(handle), plan, found.digest, chosen, wanted, reasons))


def assure(stage: Stage, plan: str, handle: str) -> None:
    """A plan that both reviewers find good throughout, approved as the rules suggest."""
    choose(stage, plan)
    for side in REVIEWERS:
        review(stage, plan, side, {})
    settle(stage, plan, {})
    outcome(stage, plan, handle, assured(stage.house, plan).rules.assurance.outcomes[0].id)


# What is said of each plan of the county

CARROWBY_NHS: Said = {
    "answers/hospitals_agree": ("partly", "The trust agrees in part, and asks that beds close only after admissions have fallen. Its own plan has the same number."),
    "answers/evidence": ("partly", "Rapid response names two places and what it did there. Reablement at home says that it helps, and not how much."),
    "answers/data_shared": ("partly", "Four in five records have a checked NHS number; the date for the others stands, the interfaces do not."),
    "answers/seven_days": ("partly", "Equipment is still delivered on five days."),
    "answers/target_holds": ("partly", "The cut is the guideline's, the same in every quarter, and nothing says why it should be."),
    "answers/can_be_done": ("partly", "Two posts of therapists are not filled, and no milestone says by when."),
    QUALITY: ("medium", "Sound, with gaps that can be closed."),
    RISK: ("medium", "The fall in admissions rests on one scheme."),
    "savings/0": ("medium", "It worked elsewhere, with fewer people."),
    "savings/1": ("low", "The link from reablement to admissions is not shown."),
    "savings/2": ("medium", "Small, and followed each month."),
}  # fmt: skip
CARROWBY_COUNCILS: Said = {
    "answers/hospitals_agree": ("partly", "The trust has commented and its doubts are answered only in general."),
    "answers/evidence": ("no", "Places are named and no result is given that one could look up."),
    "answers/seven_days": ("partly", "Social work at weekends depends on the budget of one year."),
    "answers/target_holds": ("partly", "It is the guideline and no more is said."),
    "answers/people_heard": ("partly", "Voluntary organisations were told, and not asked."),
    QUALITY: ("medium", "A good plan for services, thin on why it should save."),
    RISK: ("high", "Nobody can say what happens to the wards."),
    "savings/0": ("medium", "It may come about later than planned."),
    "savings/1": ("low", "No figures."),
    "savings/2": ("high", "General practice has begun already."),
}  # fmt: skip
CARROWBY_MODERATED: Said = {
    "answers/hospitals_agree": ("partly", "Both say so."),
    "answers/evidence": ("partly", "Between the two: places are named, and results are published for one of them."),
    "answers/data_shared": ("partly", "The NHS reviewer looked at the records; the other did not."),
    "answers/seven_days": ("partly", "Both say so."),
    "answers/target_holds": ("partly", "Both say so."),
    "answers/can_be_done": ("partly", "The posts are advertised; that is not yet a milestone."),
    "answers/people_heard": ("partly", "The list of meetings bears it out."),
    QUALITY: ("medium", ""),
    RISK: ("high", "The wards are the larger risk, and nothing in the plan answers it."),
    "savings/0": ("medium", ""),
    "savings/1": ("low", ""),
    "savings/2": ("medium", "Begun, and not yet counted."),
}  # fmt: skip
CARROWBY_CONDITIONS = {
    "Say which results of other places the savings of reablement rest on, or take them out of the sum.": date(2014, 10, 24),
    "Agree with the trust in writing when beds close, and who pays until then.": date(2014, 10, 28),
}  # fmt: skip
WOLDS_BOTH: Said = {
    "answers/evidence": ("partly", "Evidence for two of three schemes can be looked up."),
    "answers/data_shared": ("partly", "One of the two councils is a year behind."),
    "answers/seven_days": ("partly", "Equipment on five days."),
    "answers/hospitals_agree": ("partly", "One hospital has not said when."),
    "answers/savings_follow": ("partly", "Prices are the rules'; activity is shared out by rule of thumb."),
    QUALITY: ("medium", "Sound."),
    RISK: ("medium", "Two councils have to move together."),
    "savings/0": ("medium", "Likely to come late."),
    "savings/1": ("medium", "Small."),
    "savings/2": ("medium", "Small."),
}  # fmt: skip
WOLDS_COUNCILS: Said = {
    **WOLDS_BOTH,
    "answers/data_shared": ("no", "One of the two councils has no date at all."),
    "answers/risk_shared": ("partly", "Who bears what between the two councils is left to a later paper."),
    "answers/hospitals_agree": ("yes", ""),
}  # fmt: skip
WOLDS_MODERATED: Said = {
    **WOLDS_BOTH,
    "answers/data_shared": ("partly", "The date stands in the councils' own programme."),
    "answers/risk_shared": ("yes", "The paper is out since; it names both shares."),
    "answers/hospitals_agree": ("partly", "One of the two letters gives no day."),
}  # fmt: skip
FARROWDALE_NHS: Said = {
    "answers/evidence": ("no", "Nothing that could be looked up."),
    "answers/can_be_done": ("partly", "Milestones without dates."),
    QUALITY: ("medium", "Clear, and thin on evidence."),
    RISK: ("medium", "One provider does everything."),
    "savings/0": ("low", "No evidence behind it."),
}  # fmt: skip
