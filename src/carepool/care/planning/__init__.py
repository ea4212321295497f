"""Joint assessment, care plan and who is responsible: what is so of a person's care is a fold over facts by an opaque id.

Where to begin:

- ``facts.KINDS``, ``facts.stream_of(person)``; ``care.care_of(person, facts)`` folds them into a ``Care``.
- ``packages``: a ``Package``, ``accountable(package, at)`` (one name, or an alarm with since when), ``timeline(package)``.
- ``deciding``: what may be said of a package and its accountable professional; each is a ``Decision`` or ``Refused``.
"""
