"""Checks a dossier of a plan without carepool and without a network: python3 verify.py [FOLDER OR ZIP].

It needs Python 3.8 or newer, and nothing else. Without an argument it checks the folder that it lies in. It exits with 0
when everything is as it was written, and with 1 when something is not, and says what. README.txt tells how digests are
made, and what no dossier can show.
"""

# It is handed out to be read at one sitting, so it is laid out by hand.
# fmt: off
import hashlib
import json
import os
import re
import sys
import zipfile
from datetime import datetime, timedelta
from typing import Any, Dict, List, Tuple

CITES = ("signed", "document", "report", "review", "moderated", "decided", "evidence", "words")
OWN = ("signed", "decided", "moderated", "evidence", "words")  # the first of these is the document signed with a fact
WORST_FIRST = ("Refused", "Awaited", "Lapsed", "Called in", "Agreed, not yet in effect", "Agreed")
LIMITS = "within limits: not recomputed"
Fact = Dict[str, Any]


def read_all(where: str) -> Dict[str, bytes]:
    """Every file of a folder or a zip by its path, written with slashes."""
    if os.path.isfile(where):
        with zipfile.ZipFile(where) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise ValueError("the zip holds two files of one name")
            return {name: archive.read(name) for name in names}
    files = {}
    for folder, _, names in os.walk(where):
        for name in set(names) - {".DS_Store", "Thumbs.db", "desktop.ini"}:  # left by file managers
            with open(os.path.join(folder, name), "rb") as opened:
                files[os.path.relpath(opened.name, where).replace(os.sep, "/")] = opened.read()
    return files


def once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """A JSON object in which nothing is named twice, which two readers could read differently."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("something is named twice in one object")
    return dict(pairs)


# Digests: SHA-256 over "carepool/KIND/SCHEMA", a line feed, and the content; of a value, its canonical form (RFC 8785)


def in_order(value: Any) -> Any:
    """The value with the keys of every object sorted by their UTF-16 code units."""
    if isinstance(value, float):
        raise ValueError(f"{value} is a number that carepool never writes")
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [in_order(each) for each in value] if isinstance(value, list) else value


def digest(kind: str, schema: int, content: Any) -> str:
    """The digest of bytes, or of a value, as of a kind."""
    if not isinstance(content, bytes):
        content = json.dumps(in_order(content), ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(f"carepool/{kind}/{schema}\n".encode() + content).hexdigest()


def in_log(fact: str, position: int, path: List[str], size: int, root: str) -> bool:
    """Whether the path shows a fact at its position in the Merkle log of that size and root. RFC 9162, 2.1.3.2."""
    at, last = position - 1, size - 1
    found = hashlib.sha256(b"\x00" + bytes.fromhex(fact)).digest()
    for each in map(bytes.fromhex, path):
        if last == 0:
            return False
        right = at & 1 or at == last
        found = hashlib.sha256(b"\x01" + (each + found if right else found + each)).digest()
        while right and not at & 1 and at:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return 0 < position <= size and last == 0 and found.hex() == root


class Dossier:
    """The files of a dossier, its facts as far as they are right, what is wrong, and what is right."""

    def __init__(self, files: Dict[str, bytes]) -> None:
        self.files = files
        self.about = self.json("dossier.json")
        self.facts: List[Fact] = []
        self.wrong: List[str] = []
        self.right: List[str] = []

    def json(self, path: str) -> Any:
        """What a file says."""
        return json.loads(self.files[path].decode("utf-8"), object_pairs_hook=once)

    def need(self, so: bool, says: str) -> None:
        """Note what is wrong, unless it is so."""
        if not so:
            self.wrong.append(says)

    def of(self, room: str, *kinds: str) -> List[Fact]:
        """The facts of the streams that begin so, of some kinds or all, in the order of the log."""
        return [each for each in self.facts if each["stream"].startswith(room + "/") and (not kinds or each["kind"] in kinds)]

    def versions(self) -> List[Dict[str, Any]]:
        """What the facts say of every version that was saved."""
        return [each["body"] for each in self.of("plan", "PlanVersionSaved")]


def check_files(it: Dossier) -> None:
    """Each file is the one in the manifest, and the manifest the one in manifest.sha256."""
    own = hashlib.sha256(it.files["manifest.json"]).hexdigest()
    it.need(it.files["manifest.sha256"] == f"{own}  manifest.json\n".encode(), "manifest.json was changed: its digest is not that in manifest.sha256.")
    listed = {each["path"]: each for each in it.json("manifest.json")["files"]}
    for path, each in listed.items():
        content = it.files.get(path, b"")
        it.need(path in it.files, f"{path} is missing.")
        same = (len(content), hashlib.sha256(content).hexdigest()) == (each["bytes"], each["sha256"])
        it.need(same or path not in it.files, f"{path} was changed: its digest is not that in the manifest.")
    for path in sorted(set(it.files) - set(listed) - {"manifest.json", "manifest.sha256"}):
        it.wrong.append(f"{path} is not in the manifest, so it is no part of the dossier.")
    it.right.append(f"{len(listed)} files are as the manifest says; its own digest is {own}.")


def check_facts(it: Dossier) -> None:
    """Each fact has its digest, names the one before it in its stream, and is in the log of the checkpoint."""
    log, before, left = it.json("checkpoint.json"), 0, 0
    last: Dict[str, Tuple[int, Any]] = {}
    it.need(log["size"] == it.about["as_at"]["position"], "The checkpoint is of another position than the dossier: a tail was cut.")
    for each in it.json("facts.json")["facts"]:
        fact, stream, version = each.get("fact"), each["stream"], each["version"]
        name = f"Version {version} of {stream} ({fact['kind'] if fact else 'left out'})"
        earlier, previous = last.get(stream, (0, None))
        it.need(stream not in it.about["streams"] or version == earlier + 1, f"Before {name} a fact is missing.")
        if fact:
            same = (fact["stream"], fact["version"]) == (stream, version)
            it.need(same and digest("fact", 1, fact) == each["digest"], f"{name} is not what was written: its digest differs.")
            it.need(version != earlier + 1 or fact["previous"] == previous, f"{name} does not follow the fact before it: the chain is broken.")
            it.facts.append(fact)
        left += not fact
        shown = in_log(each["digest"], each["position"], each["proof"], log["size"], log["root"])
        it.need(shown and each["position"] > before, f"{name} is not shown to be in the log of the checkpoint.")
        it.need(bool(fact) or stream.startswith("assurance/"), f"{name} has to be here: what was decided rests on all of {stream}.")
        last[stream], before = (version, each["digest"]), each["position"]
    for stream, count in it.about["streams"].items():
        found = last.get(stream, (0, None))[0]
        it.need(found == count, f"{stream} has {found} of its {count} facts: its tail was cut.")
    it.right.append(f"{len(it.facts)} facts have their digests, follow one another, and are in the log of {log['size']} facts with the root {log['root']}. Left out, but for their digests: {left}.")


def check_plan(it: Dossier) -> None:
    """The plan's digest is worked out from its sections, and from the digests of those that are withheld."""
    plan, saved = it.json("plan/plan.json"), it.versions()[-1]
    held, _ = plan.pop("withheld"), plan.pop("mark", None)
    seen = {name: digest("plan-section", 2, {"section": name, "content": plan[name]}) for name in plan if name not in ("rules", "title")}
    sections = {**{name: each["digest"] for name, each in held.items()}, **seen}
    tree = digest("plan-tree", 2, {"rules": plan["rules"], "title": plan.get("title", ""), "sections": sections})
    for name in sorted({**sections, **saved["sections"]}):
        it.need(sections.get(name) == saved["sections"].get(name), f"The section “{name}” of plan/plan.json is not the one that was saved.")
    it.need(tree == saved["plan"] == it.about["digest"], f"plan/plan.json is not the version that was saved last: its digest is {tree}.")
    it.need(it.about["version"] == len(it.versions()), "The dossier is said to be of another version than the last that was saved.")
    it.need(bool(held) or digest("plan", 1, plan) == saved["document"], "plan/plan.json is not the document that was saved.")
    it.right.append(f"The plan has the digest {tree}, worked out from {len(seen)} sections and the digests of {len(held)} withheld ({', '.join(sorted(held)) or 'none'}).")


def check_documents(it: Dossier) -> None:
    """Each document has its digest, each is cited, and each citation leads to one or says why not."""
    index = it.json("documents/index.json")
    cited = set(re.findall('"([0-9a-f]{64})"', json.dumps([fact["body"] for fact in it.facts])))
    listed = {each["digest"] for each in index["documents"] + index["left_out"]}
    for name in sorted(listed - cited):
        it.wrong.append(f"The document {name} is cited by no fact that is here.")
    for each in index["documents"]:
        salt = bytes.fromhex(each["salt"])
        found = digest(each["kind"] + ("+salt" if salt else ""), each["schema"], salt + it.files.get(each["file"], b""))
        it.need(found == each["digest"], f"{each['file']} is not the document that a fact cites: its digest differs.")
    for fact in it.facts:
        for key in CITES:
            name = str(fact["body"].get(key))
            it.need(len(name) != 64 or name in listed, f"What version {fact['version']} of {fact['stream']} cites as “{key}” is not here, and nothing says why.")
    it.right.append(f"{len(index['documents'])} documents have their digests. Left out, each with its reason: {len(index['left_out'])}.")


def check_decisions(it: Dossier) -> None:
    """Each decision names a version that is here, says what was signed, and was signed by somebody who held an office."""
    kept = {each["digest"]: each["file"] for each in it.json("documents/index.json")["documents"]}
    versions, count, offices = {each["plan"] for each in it.versions()}, 0, 0
    for fact in it.of("signoff") + it.of("assurance"):
        body, name = fact["body"], f"Version {fact['version']} of {fact['stream']} ({fact['kind']})"
        count += "plan" in body
        it.need(body.get("plan") in versions or not body.get("plan"), f"{name} is about a version that is not here: {body.get('plan')}.")
        path = kept.get(next((body[key] for key in OWN if key in body), None))
        if path in it.files:
            signed = json.loads(it.files[str(path)].decode("utf-8"))
            same = (signed["account"], signed["body"]) == (fact["by"], fact["on_behalf_of"]) and signed["digest"] in ("", body.get("plan", signed["digest"]))
            other = {"PlanAgreed": "refuse", "PlanRefused": "agree to"}.get(fact["kind"])
            it.need(same and signed["says"] != other, f"{name} does not say what was signed: compare {path}.")
            if body.get("way") != "link" or body.get("record"):
                offices += 1
                it.need(by_office(it, fact, signed.get("delegation")), f"No office is here by which {name} was signed.")
    it.right.append(f"{count} decisions and later steps name a version that is here; for {offices} signatures the office on the day is here.")


def by_office(it: Dossier, fact: Fact, delegation: Any) -> bool:
    """Whether whoever signed held an office of the body on the day, or was let by somebody who did."""
    at = datetime.strptime(fact["at"][:19], "%Y-%m-%dT%H:%M:%S")
    days = [str(at.date()), str((at + timedelta(hours=1)).date())]  # in London, in winter and in summer

    def holds(account: str, body: Any) -> bool:
        mine = [each for each in it.of("office", "OfficeGiven", "OfficeEnded") if each["stream"] == f"office/{body}" and each["body"]["account"] == account]
        ends = {each["body"]["office"]: each["body"]["last"] for each in mine}  # the last word on each
        return any(each["body"]["first"] <= days[1] and days[0] <= (ends[each["body"]["office"]] or "9999") for each in mine if each["kind"] == "OfficeGiven")

    if not delegation:
        return holds(fact["by"], fact["on_behalf_of"])
    let = [each for each in it.of("office", "DelegationGiven") if (each["body"]["signed"], each["body"]["to"]) == (delegation, fact["by"])]
    return any(holds(each["by"], fact["on_behalf_of"]) and holds(fact["by"], each["body"]["to_body"]) for each in let)


def check_findings(it: Dossier) -> None:
    """The findings have the digest by which decisions name what their signers were shown."""
    held = it.json("checks/findings.json")
    it.need(held["digest"] in (None, digest("findings", 1, held["findings"])), "checks/findings.json holds other findings than its digest says.")
    shown = [each["body"]["findings"] for each in it.of("signoff", "PlanAgreed", "PlanRefused") if each["body"]["plan"] == held["plan"]]
    it.right.append(f"{len(held['findings'])} findings as on {held['day']}; {shown.count(held['digest'])} of {len(shown)} decisions on this version were shown exactly these (checks look at the day and at neighbouring plans).")


def check_standing(it: Dossier) -> None:
    """Who has decided on the current version is worked out again, and held against what the dossier says."""
    stated, agreed = it.json("standing.json"), True
    it.right.append("Where it stands, worked out again from the facts (who must decide follows from the rules, and is taken as stated):")
    for party in stated["parties"]:
        found = outcome(it, party["body"], party["offices"])
        it.need(found in (LIMITS, party["outcome"]), f"{party['name']} is said to stand at “{party['outcome']}”, and the facts say “{found}”.")
        agreed = agreed and party["outcome"] == "Agreed"
        it.right.append(f"  {party['name']}: {party['outcome']}{f' ({LIMITS})' if found == LIMITS else ''}")
    settled = {each["body"]["dispute"] for each in it.of("signoff", "DisputeSettled")}
    disputes = {each["body"]["signed"] for each in it.of("signoff", "DisputeOpened")} - settled
    it.need((agreed and bool(stated["parties"]) and not disputes) == stated["agreed"], "Whether the plan is agreed does not follow from what its parties have said.")
    it.right.append(f"  Together: {stated['status']}; disputes open: {len(disputes)}.")


def outcome(it: Dossier, body: str, offices: List[str]) -> str:
    """What a body has said of the current version, in the words of the dossier."""
    words = [last_word(it, body, office) for office in offices or [""]]
    if LIMITS in words:
        return LIMITS
    worst, missing = min(words, key=WORST_FIRST.index), sum(each in ("Awaited", "Lapsed") for each in words)
    if 0 < missing < len(words) and worst != "Refused":
        return "Signed in part"
    done = {each["body"].get("record") for each in it.of("signoff")}
    waits = [each["body"] for each in it.of("signoff", "DecisionRecorded") if each["on_behalf_of"] == body and each["body"]["signed"] not in done]
    return "Recorded, to be confirmed" if missing and waits and any(each["plan"] == it.versions()[-1]["plan"] for each in waits) else worst


def last_word(it: Dossier, body: str, office: str) -> str:
    """What a body's last decision, or that of one of its offices, comes to."""
    word, undone, called_in, effective = None, False, False, None
    for fact in it.of("signoff"):
        said = fact["body"]
        if fact["kind"] in ("PlanAgreed", "PlanRefused") and fact["on_behalf_of"] == body and office in ("", said.get("office")):
            word, undone, called_in, effective = fact, False, False, fact["effective_on"]
        elif word and said.get("decision") == word["body"]["signed"]:
            undone = undone or fact["kind"] == "DecisionWithdrawn" or said.get("stands") is False
            called_in = fact["kind"] == "DecisionCalledIn" or (called_in and fact["kind"] != "CallInEnded")
            effective = fact["effective_on"] if fact["kind"] == "CallInEnded" else effective
    if word is None or undone:
        return "Awaited"
    agrees = word["kind"] == "PlanAgreed"
    if word["body"]["plan"] != it.versions()[-1]["plan"]:
        return "Awaited" if not agrees else LIMITS if word["body"].get("tolerance") else "Lapsed"
    if not agrees:
        return "Refused"
    return "Called in" if called_in else "Agreed" if not effective or effective <= it.about["as_at"]["day"] else "Agreed, not yet in effect"


def main(arguments: List[str]) -> int:
    """Check a dossier, and say what came of it."""
    where = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    try:
        it = Dossier(read_all(where))
        rules, at = it.about["rules"], it.about["as_at"]
        print(f"{it.about['title']} ({it.about['plan']}), version {it.about['version']}, as it stood on {at['day']}.")
        print(f"Rules: {rules['name']}, with the digest {rules['digest']}.")
    except Exception as error:
        print(f"This dossier does NOT verify: it cannot be read ({error!r}).")
        return 1
    for step in (check_files, check_facts, check_plan, check_documents, check_decisions, check_findings, check_standing):
        try:
            step(it)
        except Exception as error:  # what cannot be read was changed
            it.wrong.append(f"Something cannot be read ({step.__name__.replace('_', ' ')}): {error!r}.")
    print("\n".join(it.right if not it.wrong else ["This dossier does NOT verify:", *(f"- {each}" for each in it.wrong)]))
    print("Treat nothing in it as evidence. Ask whoever gave it to you for another." if it.wrong else "This dossier verifies.")
    return 1 if it.wrong else 0


if __name__ == "__main__":
    getattr(sys.stdout, "reconfigure")(encoding="utf-8", errors="replace")  # a Windows terminal may know fewer letters
    sys.exit(main(sys.argv[1:]))
