"""Reads an agreement from its file as rules are read: all faults at once, each with its line, and never a traceback."""

from dataclasses import replace

from carepool.basics.findings import Finding, blocks
from carepool.partnership.agreement import Agreement
from carepool.partnership.consistency import RULE, fits
from carepool.rules.parse import MOST_FINDINGS, typed
from carepool.rules.text import Lines, compose, fault


def read_agreement(file: str, content: bytes) -> tuple[Agreement | None, Lines, list[Finding]]:
    """An agreement, the lines of its parts, and every finding; None in its place where a finding blocks."""
    data, lines, findings = compose(file, content)
    agreement = None
    if not blocks(findings):
        agreement, findings = typed(file, Agreement, data, lines)
    findings = [replace(each, code="agreement-file", rule=RULE) for each in findings]
    if agreement:
        findings += fits(file, agreement, lines)
    if len(findings) > MOST_FINDINGS:
        says = f"has {len(findings) - MOST_FINDINGS:,} more faults, which are not listed"
        findings = [*findings[:MOST_FINDINGS], fault(file, 1, says, "Put these right first.")]
    return (None if blocks(findings) else agreement), lines, findings
