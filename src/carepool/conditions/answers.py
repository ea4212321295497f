"""Each national condition is answered, with what would show it, and by when if it is not yet met."""

from carepool.basics.findings import Finding
from carepool.basics.periods import in_words
from carepool.basics.refusals import nearest
from carepool.basics.words import blank
from carepool.conditions.known import Known, blocker, note, warning
from carepool.plans.document import Plan


def conditions_are_answered(plan: Plan, known: Known) -> list[Finding]:
    """Every condition of the rules has an answer in words; one not yet met has a day; no answer is to another's condition."""
    asked = {each.id: each for each in known.rules.conditions.conditions}
    rule = known.rules.cite("conditions")
    answered = {each.condition: (number, each) for number, each in enumerate(plan.conditions.answers)}
    findings = []
    for number, each in enumerate(plan.conditions.answers):
        if each.condition not in asked:
            near = nearest(each.condition, asked)
            remedy = f"Did you mean {near}?" if near else f"Write one of {', '.join(asked)}."
            says = f"“{each.condition}” is no national condition of these rules."
            findings.append(
                blocker("unknown-condition", f"conditions/answers/{number}/condition", says, remedy, rule)
            )
        elif answered[each.condition][0] != number:
            says = f"The condition “{asked[each.condition].title}” is answered twice."
            findings.append(
                blocker(
                    "condition-twice",
                    f"conditions/answers/{number}/condition",
                    says,
                    "Keep one of the answers.",
                    rule,
                )
            )
    if not plan.conditions.answers:
        says = f"The plan does not say how it meets any of the {len(asked)} national conditions."
        return [warning("conditions-unanswered", "conditions/answers", says, "Write for each how it is met, and what shows it.", rule)]  # fmt: skip
    for key, condition in asked.items():
        cited = f"{rule} {key}"
        if key not in answered or not answered[key][1].how.strip():
            says = f"The plan does not say how it meets the condition “{condition.title}”."
            shown = f" It could be shown by: {'; '.join(condition.evidence)}." if condition.evidence else ""
            where = f"conditions/answers/{answered[key][0]}/how" if key in answered else "conditions/answers"
            findings.append(
                warning("condition-unanswered", where, says, f"Write how it is met.{shown}", cited)
            )
            continue
        number, answer = answered[key]
        where = f"conditions/answers/{number}"
        if not answer.met:
            says = f"The plan does not say whether the condition “{condition.title}” is met."
            findings.append(warning("condition-unsaid", f"{where}/met", says, "Choose one of the answers.", cited))  # fmt: skip
        if answer.met in {"no", "in_progress"} and answer.by and known.on and answer.by < known.on:
            says = (
                f"The condition “{condition.title}” was to be met by {in_words(answer.by)}, which has passed."
            )
            findings.append(warning("condition-overdue", f"{where}/by", says, "Say that it is met, or write another day.", cited))  # fmt: skip
        if answer.met in {"no", "in_progress"} and answer.by is None:
            says = (
                f"The condition “{condition.title}” is not yet met, and no day is given by which it will be."
            )
            findings.append(warning("condition-without-day", f"{where}/by", says, "Write the day.", cited))
        elif answer.met in {"no", "in_progress"}:
            says = f"The condition “{condition.title}” is not yet met; the plan says by {answer.by}."
            findings.append(
                note("condition-not-met", f"{where}/met", says, "The assurers will ask after it.", cited)
            )
        if blank(answer.evidence):
            says = f"Nothing is named that would show that the condition “{condition.title}” is met."
            findings.append(
                note(
                    "condition-without-evidence",
                    f"{where}/evidence",
                    says,
                    "Name minutes, agreements or figures.",
                    cited,
                )
            )
    return findings
