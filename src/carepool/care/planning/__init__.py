"""Joint assessment, care plan and who is responsible: what is so of a person's care is a fold over facts by an opaque id.

Where to begin:

- ``facts.KINDS``, ``facts.stream_of(person)``; ``care.care_of(person, facts, before)`` folds them into a ``Care``.
- ``packages``: a ``Package``; ``accountable(package, at)`` gives one name, an alarm with since when, or None where none is needed;
  ``timeline(package)`` all of it over time.
- ``deciding``: ``start_package, change_package, end_package, offer, accept, decline, withdraw, tell_absence, accept_deputy,
  end_absence, leave``; ``agreeing``: ``save_assessment, complete_assessment, save_plan, agree_plan, hold_review, hear_voice``. Each
  takes the ``Care`` and is pure; each returns a journal's ``Decision``, or ``Refused``.
- Documents, which actions keep and whose digest goes into the facts: ``assessment.Assessment`` (``begun`` takes answers over,
  ``missing`` finds what is missing), ``plan.CarePlan`` (``lacking``), ``plan.PlanFile`` (person, plan and team together).
- ``eligibility.judge_eligibility(rules, Judgement)``, with ``rules = rulebook.caring(day)``, which also has the questions and the voice.
- ``discharge``: ``who_can_start(services, DayWord.SUNDAY)``, ``first_start(services, ready_at, holidays)``.
- ``counts.leaving(...)``: the table of counts that may leave the wing.
- ``carepool.care.fhir`` reads and writes a ``PlanFile`` as a FHIR R4 Bundle.
"""
