"""Checks a dossier of a plan without carepool and without a network: python3 verify.py [FOLDER OR ZIP] [--head DIGEST].

It needs Python 3.8 or newer, and nothing else. Without an argument it checks the folder that it lies in. DIGEST is what you
were told by another way than the dossier; give --head again for each. It exits with 0 when everything is as it was written,
with 3 when it is and documents are said to be withdrawn, and with 1 when something is not, and says what.
"""

# It is handed out to be read at one sitting, so it is laid out by hand.
# fmt: off
import argparse
import hashlib
import itertools
import json
import os
import re
import sys
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Dict, List, Optional, Set, Tuple

NOT_PROVEN = (
    ("README.txt, index.html, plan/paper.html, plan/paper.pdf", "pages for people, made from what is checked"),
    ("dossier.json: rules/title and rules/digest", "rules are published elsewhere; signatures name the digest of their day"),
    ("plan/plan.json: withheld/*/reason and withheld/*/fields", "why a section is withheld"),
    ("checks/findings.json: left_out/*", "where sections are withheld: how many findings tell of them"),
    ("standing.json: parties/*/name and parties/*/offices", "facts know a body by its code; which offices sign for it follows from the rules"),
)
TAKEN_AS_STATED = (
    "the day that it is of, and how long the log was",
    "the findings of the checks, unless a decision was shown exactly these",
    "whether a version kept the limits that a body agreed within, where it says “not recomputed”: a section that changed is withheld",
    "that nothing is missing at the end of a stream, among offices, among the hidden facts of assurance, or of uploads if it says that it has none",
)
PAGES = ("README.txt", "index.html", "plan/paper.html", "plan/paper.pdf", "verify.py")
DATA = ("dossier.json", "plan/plan.json", "plan/earlier.json", "checks/findings.json", "standing.json", "facts.json", "checkpoint.json", "documents/index.json")
MARK = "Illustrative county: fictitious bodies, with statistics drawn from real ones"
SCANS = ((b"%PDF-", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"))
HIDDEN = "whoever asked may not see it, or not yet"
NO_UPLOADS = "the dossier was asked for without uploads"
WITHDRAWN = "it was withdrawn: its bytes and its salt are deleted"
CITES = ("signed", "document", "delegation", "record", "direction", "review", "moderated", "decided", "evidence", "words")
NO_DOCUMENTS = ("plan", "findings", "sections", "token", "version", "before", "call_in")  # fields with digests of something else
OWN = ("signed", "decided", "moderated", "evidence", "words")  # the first of these is the document signed with a fact
TELLS_OF = {"DelegationGiven": "sources", "MoneyRedeployed": "risks"}
PARTIES = {"council": ("councils", "council"), "ccg": ("ccgs", "contributing_ccg"), "icb": ("ccgs", "contributing_icb"), "board": ("boards", "board")}
WORST_FIRST = ("Refused", "Awaited", "Lapsed", "Called in", "Agreed, not yet in effect", "Agreed")
LIMITS = "within limits: not recomputed"
NAMED_BY = {  # what names a row of a list, by section and list: by it, a row that changed is found again
    "schemes/schemes": ["id"], "sources/sources": ["contributor", "source"], "spend/spend": ["scheme", "commissioner"], "freed/freed": ["ccg"],
    "benefits/benefits": ["scheme"], "target/quarters": ["quarter"], "metrics/metrics": ["metric"], "metrics/local": ["id"],
    "flows/flows": ["board", "trust"], "conditions/answers": ["condition"], "seven_days/services": ["name"], "earmarks/earmarks": ["name"],
    "risks/risks": ["what"], "risks/contingencies": ["trigger"], "commentaries/commentaries": ["provider"], "transfer/uses": ["purpose"],
}
Fact = Dict[str, Any]
Word = Tuple[str, bool]  # what a body has said, and whether it said so of an earlier version, within limits

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

def text(value: Any) -> str:
    """The canonical form: two values are the same when it is, and 1 is not true."""
    return json.dumps(in_order(value), ensure_ascii=False, separators=(",", ":"))

def digest(kind: str, schema: int, content: Any) -> str:
    """The digest of bytes, or of a value, as of a kind."""
    if not isinstance(content, bytes):
        content = text(content).encode()
    return hashlib.sha256(f"carepool/{kind}/{schema}\n".encode() + content).hexdigest()

def in_log(fact: str, position: int, path: List[str], size: int, root: str) -> bool:
    """Whether the path shows a fact at its position in the Merkle log of that size and root. RFC 9162, 2.1.3.2."""
    if not all(re.fullmatch("[0-9a-f]{64}", each) for each in (fact, *path)):
        return False
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
    """The files of a dossier, its facts as far as they are right, what is wrong, what is right, and what is not here."""

    def __init__(self, files: Dict[str, bytes]) -> None:
        self.files = files
        self.about = self.json("dossier.json")
        self.facts: List[Fact] = []
        self.heads: Dict[str, str] = {}  # what each digest shows that can be held against one told by another way
        self.wrong: List[str] = []
        self.right: List[str] = []
        self.withdrawn = 0

    def json(self, path: str) -> Any:
        """What a file says."""
        return json.loads(self.files[path].decode("utf-8"), object_pairs_hook=once)

    def need(self, so: bool, says: str) -> None:
        """Note what is wrong, unless it is so."""
        if not so:
            self.wrong.append(says)

    def same(self, path: str, wanted: Dict[str, Any], stated: Dict[str, Any]) -> None:
        """Note each part of a file that is not what follows from the rest, and each too many or too few."""
        for key in sorted({*wanted, *stated}):
            both = key in wanted and key in stated and text(wanted[key]) == text(stated[key])
            self.need(both, f"{path}: “{key}” does not follow from the rest of the dossier.")

    def of(self, room: str, *kinds: str) -> List[Fact]:
        """The facts of the streams that begin so, of some kinds or all, in the order of the log."""
        return [each for each in self.facts if each["stream"].startswith(room + "/") and (not kinds or each["kind"] in kinds)]

    def saved(self, plan: str) -> Dict[str, Any]:
        """What the facts say of the last version with this digest."""
        return next(each for each in reversed(self.versions()) if each["plan"] == plan)

    def versions(self) -> List[Dict[str, Any]]:
        """What the facts say of every version that was saved."""
        return [each["body"] for each in self.of("plan", "PlanVersionSaved")]

def check_files(it: Dossier) -> None:
    """Each file is the one in the manifest, and the manifest the one in manifest.sha256."""
    own, manifest = hashlib.sha256(it.files["manifest.json"]).hexdigest(), it.json("manifest.json")
    it.need(it.files["manifest.sha256"] == f"{own}  manifest.json\n".encode(), "manifest.json was changed: its digest is not that in manifest.sha256.")
    listed = {each["path"]: each for each in manifest["files"]}
    it.same("manifest.json", {"files": list(listed.values())}, manifest)
    for path, each in listed.items():
        content = it.files.get(path, b"")
        it.need(path in it.files, f"{path} is missing.")
        same = {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        it.need(text(same) == text(each) or path not in it.files, f"{path} was changed: its digest is not that in the manifest.")
    for path in sorted(set(it.files) - set(listed) - {"manifest.json", "manifest.sha256"}):
        it.wrong.append(f"{path} is not in the manifest, so it is no part of the dossier.")
    wanted = {*PAGES, *DATA, *(each["file"] for each in it.json("documents/index.json")["documents"])}
    for path in sorted(wanted ^ set(listed)):
        it.wrong.append(f"{path} is {'not listed' if path in wanted else 'no file that a dossier has'}.")
    it.heads[own] = "the manifest, so every file is as it was given out, to the byte"
    it.right.append(f"{len(listed)} files are as the manifest says; its own digest is {own}.")

def check_facts(it: Dossier) -> None:
    """Each fact has its digest, names the one before it in its stream, and is in the log of the checkpoint."""
    log, before, left, offices = it.json("checkpoint.json"), 0, 0, 0
    last: Dict[str, Tuple[int, Any]] = {}
    it.same("checkpoint.json", {"size": it.about["as_at"]["position"], "root": str(log["root"])}, log)
    streams = [f"{room}/{it.about['plan']}" for room in ("plan", "signoff", "assurance")]
    listed = it.json("facts.json")
    it.same("facts.json", {"facts": listed["facts"]}, listed)
    for each in listed["facts"]:
        fact, stream, version, position = each.get("fact"), each["stream"], each["version"], each["position"]
        name = f"Version {version} of {stream} ({fact['kind'] if fact else 'left out'})"
        earlier, previous = last.get(stream, (0, None))
        it.need(stream in streams or (bool(fact) and stream.startswith("office/")), f"{name} is about something else than this plan.")
        it.need(stream not in streams or version == earlier + 1, f"Before {name} a fact is missing.")
        if fact:
            same = text([fact["stream"], fact["version"]]) == text([stream, version])
            it.need(same and digest("fact", 1, fact) == each["digest"], f"{name} is not what was written: its digest differs.")
            it.need(version != earlier + 1 or fact["previous"] == previous, f"{name} does not follow the fact before it: the chain is broken.")
            it.facts.append(fact)
        told = {"fact": fact} if fact else {"left_out": HIDDEN}
        it.same(name, {**told, "stream": stream, "version": int(version), "position": int(position), "digest": each["digest"], "proof": each["proof"]}, each)
        left, offices = left + (not fact), offices + stream.startswith("office/")
        shown = in_log(each["digest"], position, each["proof"], log["size"], log["root"])
        it.need(shown and position > before, f"{name} is not shown to be in the log of the checkpoint.")
        it.need(bool(fact) or stream.startswith("assurance/"), f"{name} has to be here: what was decided rests on all of {stream}.")
        last[stream], before = (version, each["digest"]), position
    for stream in {*it.about["streams"], *(each for each in streams if each in last)}:
        found, count = last.get(stream, (0, None))[0], it.about["streams"].get(stream)
        it.need(text(found) == text(count), f"{stream} has {found} of its {count} facts: its tail was cut.")
    it.need(text(offices) == text(it.about["offices"]), f"{offices} facts of offices are here, and {it.about['offices']} were.")
    it.heads.update({last[each][1]: f"the last fact of {each}, so that stream is whole up to it" for each in streams if each in last})
    for name in (log["root"], f"{log['size']}:{log['root']}"):
        it.heads[name] = "the root of the log, so every fact here was written; it does not show that none is missing"
    it.right.append(f"{len(it.facts)} facts have their digests, follow one another, and are in the log of {log['size']} facts with the root {log['root']}. Left out, but for their digests: {left}.")

def check_plan(it: Dossier) -> None:
    """The plan's digest is worked out from its sections, and from the digests of those that are withheld."""
    plan, saved = it.json("plan/plan.json"), it.versions()[-1]
    held, mark = plan.pop("withheld"), plan.pop("mark", None)
    seen = {name: digest("plan-section", 2, {"section": name, "content": plan[name]}) for name in plan if name not in ("rules", "title")}
    sections = {**{name: each["digest"] for name, each in held.items()}, **seen}
    tree = digest("plan-tree", 2, {"rules": plan["rules"], "title": plan.get("title", ""), "sections": sections})
    for name in sorted({**sections, **saved["sections"]}):
        it.need(sections.get(name) == saved["sections"].get(name), f"The section “{name}” of plan/plan.json is not the one that was saved.")
    for name, each in held.items():
        it.need({"digest", "reason"} <= {*each} <= {"digest", "reason", "fields"} and name not in seen, f"The section “{name}” is not withheld as carepool withholds one.")
    it.need(tree == saved["plan"] == it.about["digest"], f"plan/plan.json is not the version that was saved last: its digest is {tree}.")
    it.need(bool(held) or digest("plan", 1, plan) == saved["document"], "plan/plan.json is not the document that was saved.")
    it.need(mark == it.about.get("mark"), "plan/plan.json and dossier.json do not bear one mark.")
    check_earlier(it)
    it.heads[tree] = "the plan, so the plan says what it said"
    it.right.append(f"The plan has the digest {tree}, worked out from {len(seen)} sections and the digests of {len(held)} withheld ({', '.join(sorted(held)) or 'none'}).")

def check_earlier(it: Dossier) -> None:
    """What changed since each version that a body agreed to within limits is here as it was then, and nothing else of any other version."""
    held, told, wanted = it.json("plan/plan.json"), it.json("plan/earlier.json"), []  # type: Dict[str, Any], Dict[str, Any], List[str]
    gone = {each["digest"] for each in it.json("documents/index.json")["left_out"] if each["why"] == WITHDRAWN}
    for fact in it.of("signoff", "PlanAgreed"):
        hangs = may_keep(it, fact["body"]) and not moved(it, fact["body"]["plan"]) & {*held["withheld"]} and it.saved(fact["body"]["plan"])["document"] not in gone
        wanted += [fact["body"]["plan"]] if hangs and fact["body"]["plan"] not in wanted else []
    it.same("plan/earlier.json", {"versions": list(told["versions"])}, told)
    it.need(sorted(each["plan"] for each in told["versions"]) == sorted(wanted), "plan/earlier.json does not hold the versions that bodies agreed to within limits.")
    for each in told["versions"]:
        sections = it.saved(each["plan"])["sections"]
        it.same(f"plan/earlier.json, of {each['plan']}", {"plan": each["plan"], "title": str(each["title"]), "sections": each["sections"]}, each)
        it.need({*each["sections"]} == moved(it, each["plan"]), f"plan/earlier.json does not hold what changed since {each['plan']}.")
        for name, content in each["sections"].items():
            it.need(digest("plan-section", 2, {"section": name, "content": content}) == sections.get(name), f"The section “{name}” of plan/earlier.json is not the one that was saved.")
        tree = digest("plan-tree", 2, {"rules": held["rules"], "title": each["title"], "sections": sections})
        it.need(tree == each["plan"], f"plan/earlier.json does not give the title of {each['plan']}.")

def check_about(it: Dossier) -> None:
    """What dossier.json says follows from the facts and the plan; the rules' own title and digest are taken as stated."""
    about, plan, (started,) = it.about, it.json("plan/plan.json"), it.of("plan", "PlanStarted")
    body, day, saved = started["body"], about["as_at"]["day"], it.of("plan", "PlanVersionSaved")
    fictitious = any(code.startswith("ZZ") for code in body["boards"])  # no code of England does
    wanted = {
        "plan": about["plan"], "title": plan.get("title") or body["title"], "boards": body["boards"], "version": len(saved),
        "digest": saved[-1]["body"]["plan"], "saved_at": saved[-1]["at"], "rules": {**about["rules"], "name": body["rules"]},
        "as_at": {"day": str(datetime.strptime(day, "%Y-%m-%d").date()), "position": it.json("checkpoint.json")["size"]},
        "withheld": list(about["withheld"]), "streams": about["streams"], "offices": about["offices"],
        "uploads": not any(each["why"] == NO_UPLOADS for each in it.json("documents/index.json")["left_out"]),
        **({"mark": MARK} if fictitious else {}),
    }
    it.same("dossier.json", wanted, about)
    it.need(set(about["rules"]) == {"name", "title", "digest"} and plan["rules"] == body["rules"], "The rules are not those that the plan was started under.")
    it.need(sorted(about["withheld"]) == sorted(plan["withheld"]), "What is said to be withheld is not what is.")
    it.need(all(fact["at"][:10] <= day for fact in it.facts), f"Facts of a later day than {day} are here.")

def citations(it: Dossier) -> Dict[str, List[Tuple[Fact, str]]]:
    """Every document that facts name, with the facts and the fields that do."""
    found: Dict[str, List[Tuple[Fact, str]]] = {}
    for fact in it.facts:
        for key in set(fact["body"]) - set(NO_DOCUMENTS):
            for name in set(re.findall('"([0-9a-f]{64})"', json.dumps([fact["body"][key]]))):
                found.setdefault(name, []).append((fact, key))
    return found

def excuses(it: Dossier, cited: List[Tuple[Fact, str]]) -> Set[str]:
    """The reasons for which a document may be left out, as far as the facts that show it say."""
    held, current = it.json("plan/plan.json")["withheld"], it.versions()[-1]["document"]
    confirmed = {fact["body"].get("record") for fact in it.of("signoff", "PlanAgreed", "PlanRefused")}
    may = set()
    for kind, body, key in ((fact["kind"], fact["body"], key) for fact, key in cited if key in CITES):
        saved, scan = kind == "PlanVersionSaved", kind == "DecisionRecorded" and key == "document"
        reasons = {
            WITHDRAWN: True,
            "it is another version of the plan: a dossier holds one": saved and body["document"] != current,
            "it is told as plan/plan.json": saved and body["document"] == current and not held,
            "sections of it are withheld": saved and body["document"] == current and held,
            "it holds the address that a link was sent to": kind == "LinkSent",
            "it tells of a section that is withheld": TELLS_OF.get(kind) in held or (held and kind == "ReviewModerated"),
            NO_UPLOADS: scan and not it.about["uploads"],
            "sections are withheld, and nobody has looked what this upload says of them": scan and held,
            "no second person has confirmed what was recorded from it": scan and body["signed"] not in confirmed,
        }
        may |= {why for why, so in reasons.items() if so}
    return may or {"what is told only names it: it is none of what was decided, or whoever asked may not see it"}

def check_documents(it: Dossier) -> None:
    """Each document has its digest and its ending, each is cited, and each citation leads to one or to a reason that may be."""
    index, cited = it.json("documents/index.json"), citations(it)
    documents, left = index["documents"], index["left_out"]
    it.same("documents/index.json", {"documents": documents, "left_out": left}, index)
    names = [each["digest"] for each in documents + left]
    it.need(len(names) == len(set(names)), "documents/index.json names a document twice.")
    for name in sorted(set(names) - set(cited)):
        it.wrong.append(f"The document {name} is cited by no fact that is here.")
    for fact, key in (cited[name][0] for name in sorted(set(cited) - set(names))):
        it.wrong.append(f"What version {fact['version']} of {fact['stream']} cites as “{key}” is not here, and nothing says why.")
    for each in documents:
        content, salt = it.files.get(each["file"], b""), bytes.fromhex(each["salt"])
        ending = next((ending for begins, ending in SCANS if content.startswith(begins)), "json")
        found = digest(each["kind"] + ("+salt" if salt else ""), each["schema"], salt + content)
        it.need(found == each["digest"], f"{each['file']} is not the document that a fact cites: its digest differs.")
        it.need(ending != "json" or bool(json.loads(content.decode("utf-8"))), f"{each['file']} is empty.")
        clean = re.fullmatch("[a-z-]+", each["kind"]) and type(each["schema"]) is int and len(salt) in (0, 32)
        it.need(bool(clean), f"{each['file']} is not described as carepool describes a document.")
        wanted = {"digest": each["digest"], "kind": each["kind"], "schema": each["schema"], "salt": salt.hex(), "file": f"documents/{each['digest']}.{ending}"}
        it.same(each["file"], wanted, each)
        it.need(it.about["uploads"] or ending == "json", f"{each['file']} is an upload, and the dossier is said to hold none.")
    for each in left:
        name, why = each["digest"], each["why"]
        it.same(f"What is said of {name}", {"digest": name, "why": why}, each)
        it.need(why in excuses(it, cited.get(name, [])), f"The document {name} is left out for a reason that the facts do not bear out: “{why}”.")
        it.withdrawn += why == WITHDRAWN
    it.right.append(f"{len(documents)} documents have their digests. Left out, each with its reason: {len(left)}.")

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
            other = {"PlanAgreed": "refuse", "PlanRefused": "agree to", "SignedByLink": "refuse" if body.get("agrees") else "agree to"}.get(fact["kind"])
            it.need(same and signed["says"] != other, f"{name} does not say what was signed: compare {path}.")
            if fact["kind"] != "SignedByLink" and (body.get("way") != "link" or body.get("record")):
                offices += 1
                it.need(by_office(it, fact, signed.get("delegation")), f"No office is here by which {name} was signed.")
    it.right.append(f"{count} decisions and later steps name a version that is here; for {offices} signatures the office on the day is here.")

def by_office(it: Dossier, fact: Fact, delegation: Any) -> bool:
    """Whether whoever signed held an office of the body on the day, or was let by somebody who did."""
    at = datetime.strptime(fact["at"][:19], "%Y-%m-%dT%H:%M:%S")
    days = [str(at.date()), str((at + timedelta(hours=1)).date())]  # in London, in winter and in summer

    def holds(account: str, body: Any) -> bool:
        mine = [each for each in it.of("office", "OfficeGiven", "OfficeEnded") if each["stream"] == f"office/{body}" and each["body"]["account"] == account and each["at"] <= fact["at"]]
        ends = {each["body"]["office"]: each["body"]["last"] for each in mine}  # the last word on each
        return any(each["body"]["first"] <= days[1] and days[0] <= (ends[each["body"]["office"]] or "9999") for each in mine if each["kind"] == "OfficeGiven")

    if not delegation:
        return holds(fact["by"], fact["on_behalf_of"])
    let = [each for each in it.of("office", "DelegationGiven") if (each["body"]["signed"], each["body"]["to"]) == (delegation, fact["by"])]
    return any(holds(each["by"], fact["on_behalf_of"]) and holds(fact["by"], each["body"]["to_body"]) for each in let)

def check_findings(it: Dossier) -> None:
    """The findings are of this version, these rules and this day, and have the digest by which decisions name what was shown."""
    held, withheld = it.json("checks/findings.json"), it.json("plan/plan.json")["withheld"]
    left = {key: int(held["left_out"][key]) if withheld else 0 for key in ("blocker", "warning", "note")}
    blocked = left["blocker"] > 0 or any(each["severity"] == "blocker" for each in held["findings"])
    wanted = {"plan": it.about["digest"], "rules": it.about["rules"]["name"], "day": it.about["as_at"]["day"], "left_out": left, "blocked": blocked}
    it.same("checks/findings.json", {**wanted, "findings": held["findings"], "digest": digest("findings", 1, held["findings"])}, held)
    shown = [each["body"]["findings"] for each in it.of("signoff", "PlanAgreed", "PlanRefused") if each["body"]["plan"] == held["plan"]]
    it.right.append(f"{len(held['findings'])} findings as on {held['day']}, left out {sum(left.values())}; {shown.count(held['digest'])} of {len(shown)} decisions on this version were shown exactly these (checks look at the day and at neighbouring plans).")

def check_standing(it: Dossier) -> None:
    """Who has decided on the current version is worked out again, and held against what the dossier says."""
    stated, signoff = it.json("standing.json"), it.of("signoff")
    it.right.append("Where it stands, worked out again from the facts; who must decide are the parties that the plan names, the boards it was started for, and whom those bring:")
    places = it.json("plan/plan.json")["parties"]
    parties = [each["body"] for each in stated["parties"]]
    bodies, own = parties + stated["not_needed"], {f"board:{code}" for each in it.of("plan", "PlanStarted") for code in each["body"]["boards"]}
    wanted = {(room, code) for room in ("boards", "ccgs", "councils") for code in places.get(room, [])}
    named = {body for body in bodies if (PARTIES[body.split(":")[0]][0], body.split(":")[1]) in wanted}
    spoke = {each["on_behalf_of"] for each in heard(it)[0]}
    it.need(len({*bodies}) == len(bodies) and len(named) == len(wanted), "Those who must decide are not the parties that the plan names.")
    it.need(own <= {*parties}, "A board that the plan was started for is not among those who must decide.")
    it.need(spoke <= {*bodies}, "Somebody has decided, and is not among those who must decide or need not.")
    for party in stated["parties"]:
        check_party(it, party)
    it.right += [f"  {body}: not named by this version; that the plan's own boards bring it, take from the register" for body in parties if body not in {*named, *own}]
    for body in stated["not_needed"]:
        silent, why = outcomes(it, body, []) == {("Awaited", False)}, "for its small share of the people; take that from the rules"
        it.need(body.startswith(("ccg:", "icb:")) and silent if body in named else body in spoke - own, f"{body} is said not to have to decide, and has decided, or the rules ask for it.")
        it.right.append(f"  {body}: said not to have to decide, {why if body in named else 'since this version does not name it and no board of the plan brings it; take that from the register'}")
    settled = {each["body"]["dispute"] for each in signoff if each["kind"] == "DisputeSettled"}
    disputes = [each for each in signoff if each["kind"] == "DisputeOpened" and each["body"]["signed"] not in settled]
    reached = [each for each in it.of("signoff", "PlanStageReached") if each["body"]["plan"] == it.versions()[-1]["plan"]]
    said, steps = {each["outcome"] for each in stated["parties"]}, {each["body"]["stage"] for each in reached}
    after = "Signed off" if "signed_off" in steps else "Approved" if "approved" in steps else "Agreed"
    status = "Refused" if "Refused" in said else "Awaiting decisions" if said != {"Agreed"} else "In dispute" if disputes else after
    it.need(status == stated["status"], f"The plan is said to be “{stated['status']}”, and it follows that it is “{status}”.")
    stages = [{"stage": each["body"]["stage"], "body": each["on_behalf_of"], "at": each["at"], "signed": each["body"]["signed"]} for each in reached]
    agreed, checked = status in ("Agreed", "Approved", "Signed off"), {key: stated[key] for key in ("parties", "not_needed")}
    it.same("standing.json", {**checked, "status": status, "agreed": agreed, "stages": stages, "disputes_open": len(disputes)}, stated)
    it.right.append(f"  Together: {status}; disputes open: {len(disputes)}.")

def check_party(it: Dossier, stated: Dict[str, Any]) -> None:
    """What is said of one who must decide follows from the facts."""
    body, last, said = stated["body"], latest(it, stated["body"], ""), stated["outcome"]
    may = outcomes(it, body, stated["offices"])
    it.need((said, stated["within_limits"]) in may, f"{stated['name']} is said to stand at “{said}”, and the facts say “{' or '.join(sorted(each for each, _ in may))}”.")
    decided = [each["body"]["signed"] for each in heard(it)[0] if each["on_behalf_of"] == body]
    undone = [each["at"] for each in it.of("signoff") if undoes(each) and each["body"]["decision"] in decided]
    waits = max([it.of("plan", "PlanVersionSaved")[-1]["at"], *undone])
    since = last[0]["at"] if last and said in ("Agreed", "Refused", "Agreed, not yet in effect", "Called in") else waits
    wanted = {"body": body, "kind": PARTIES[body.split(":")[0]][1], "outcome": said, "since": since, "decision": last[0]["body"]["signed"] if last else None}
    it.same(f"standing.json, of {body}", {**wanted, "within_limits": bool(stated["within_limits"]), "name": stated["name"], "offices": stated["offices"]}, stated)
    it.right.append(f"  {stated['name']}: {said}{f' ({LIMITS})' if len(may) > 1 else ''} ({body}{', by ' + ' and '.join(stated['offices']) if stated['offices'] else ''})")

def outcomes(it: Dossier, body: str, offices: List[str]) -> Set[Word]:
    """What a body has said of the current version: one answer, or several where it hangs on limits that are not recomputed."""
    return {together(it, body, each) for each in itertools.product(*(words(it, latest(it, body, office)) for office in offices or [""]))}

def together(it: Dossier, body: str, said: Tuple[Word, ...]) -> Word:
    """What the words of a body's offices come to."""
    (worst, kept), missing = min(said, key=lambda each: WORST_FIRST.index(each[0])), sum(each in ("Awaited", "Lapsed") for each, _ in said)
    if 0 < missing < len(said) and worst != "Refused":
        return "Signed in part", kept
    waits = [each["kind"] for each in heard(it)[1] if (each["on_behalf_of"], each["body"]["plan"]) == (body, it.versions()[-1]["plan"])]
    if not waits or worst not in ("Awaited", "Lapsed"):
        return worst, kept
    return "Recorded, to be confirmed" if waits[-1] == "DecisionRecorded" else "Signed by link, awaiting confirmation", kept

def heard(it: Dossier) -> Tuple[List[Fact], List[Fact]]:
    """The decisions that count, and what waits for a second person: who recorded it, or sent the link, does not confirm it."""
    links, waits, decided = {}, {}, []  # type: Dict[str, Fact], Dict[str, Tuple[Fact, str]], List[Fact]
    for fact in it.of("signoff"):
        said, kind, whose = fact["body"], fact["kind"], (fact["on_behalf_of"], fact["body"].get("office"))
        name, link = said.get("record"), said.get("way") == "link"
        if kind == "DecisionRecorded":
            waits[said["signed"]] = (fact, fact["by"])
        elif kind == "RecordRejected":
            waits.pop(name, None)
        elif kind == "LinkSent":
            links = {**{token: each for token, each in links.items() if (each["on_behalf_of"], each["body"]["office"]) != whose}, said["token"]: fact}
        elif kind == "SignedByLink" or (link and not name):  # before a second person was asked for, a decision was all
            token = said.get("token") or next((each for each in links if fact["by"] == "link-" + each[:24]), "")
            sent = links.get(token)
            if sent and (sent["on_behalf_of"], sent["body"]["office"], sent["body"]["plan"]) == (*whose, said["plan"]):
                waits[said["signed"]] = (fact, links.pop(token)["by"])
        elif kind in ("PlanAgreed", "PlanRefused") and (waits[name][1] != fact["by"] if name in waits else not link):
            waits.pop(name, None)
            decided.append(fact)
            links = {token: each for token, each in links.items() if each["on_behalf_of"] != whose[0] or (whose[1] and each["body"]["office"] != whose[1])}
    return decided, [fact for fact, _ in waits.values()]

def undoes(fact: Fact) -> bool:
    """Whether a fact takes a decision back, sets it aside, or does not ratify it."""
    return fact["kind"] == "DecisionWithdrawn" or ("decision" in fact["body"] and fact["body"].get("stands") is False)

def latest(it: Dossier, body: str, office: str) -> Optional[Tuple[Fact, bool, Any]]:
    """A body's last decision, or that of one of its offices, whether it is called in, and from when it counts; none once undone."""
    word, undone, called_in, effective, decided = None, False, False, None, heard(it)[0]
    for fact in it.of("signoff"):
        said = fact["body"]
        if fact["kind"] in ("PlanAgreed", "PlanRefused") and fact["on_behalf_of"] == body and office in ("", said.get("office")) and fact in decided:
            word, undone, called_in, effective = fact, False, False, fact["effective_on"]
        elif word and said.get("decision") == word["body"]["signed"]:
            undone = undone or undoes(fact)
            called_in = fact["kind"] == "DecisionCalledIn" or (called_in and fact["kind"] != "CallInEnded")
            effective = fact["effective_on"] if fact["kind"] == "CallInEnded" else effective
    return None if word is None or undone else (word, called_in, effective)

def words(it: Dossier, last: Optional[Tuple[Fact, bool, Any]]) -> List[Word]:
    """What one decision comes to; two answers where it was taken within limits that the current version may keep."""
    if last is None:
        return [("Awaited", False)]
    fact, called_in, effective = last
    current = fact["body"]["plan"] == it.versions()[-1]["plan"]
    if fact["kind"] == "PlanRefused":
        return [("Refused" if current else "Awaited", False)]
    word = "Called in" if called_in else "Agreed" if not effective or effective <= it.about["as_at"]["day"] else "Agreed, not yet in effect"
    if current or not may_keep(it, fact["body"]):
        return [(word if current else "Lapsed", False)]
    before = next((each for each in it.json("plan/earlier.json")["versions"] if each["plan"] == fact["body"]["plan"]), None)
    both = [("Lapsed", False), (word, True)]  # where a section that changed is withheld
    return both if before is None else both[1:] if keeps(it, fact["body"]["tolerance"], before) else both[:1]

def moved(it: Dossier, plan: str) -> Set[str]:
    """The sections that changed since a version."""
    before, after = it.saved(plan).get("sections", {}), it.versions()[-1].get("sections", {})
    return {name for name in {**before, **after} if before.get(name) != after.get(name)}

def may_keep(it: Dossier, said: Dict[str, Any]) -> bool:
    """Whether a decision on an earlier version was taken within limits, and they speak of every section that changed since."""
    limits = (said.get("tolerance") or {}).get("limits", [])
    return bool(limits) and said["plan"] != it.versions()[-1]["plan"] and moved(it, said["plan"]) <= {each["section"] for each in limits}

def keeps(it: Dossier, tolerance: Dict[str, Any], before: Dict[str, Any]) -> bool:
    """Whether the current version is within limits that were written down for the earlier one, and blocked by nothing."""
    after, saved = it.json("plan/plan.json"), it.of("plan", "PlanVersionSaved")[-1]["at"]
    if it.json("checks/findings.json")["blocked"] or in_london(saved) > tolerance["until"]:
        return False
    changes = [("title", "title", before["title"], after.get("title", ""))] if before["title"] != after.get("title", "") else []
    changes += [(section, *each) for section, content in before["sections"].items() for each in differences(section, content, after.get(section, {}))]
    limits = sorted(tolerance["limits"], key=lambda each: (not each["field"], each["measure"] != "any"))
    sums = {}  # type: Dict[int, Decimal]
    for section, field, old, new in changes:
        which = next((number for number, each in enumerate(limits) if each["section"] == section and each["field"] in ("", field)), None)
        if which is None:
            return False
        measure, up_to = limits[which]["measure"], limits[which]["up_to"]
        if measure == "any" or up_to is None:
            continue
        one, other = figure(old, measure), figure(new, measure)
        if one is None or other is None or (measure == "per_cent" and abs(other - one) * 100 > Decimal(up_to) * abs(one)):
            return False
        sums[which] = sums.get(which, Decimal(0)) + abs(other - one)
    return all(total <= Decimal(limits[which]["up_to"]) for which, total in sums.items() if limits[which]["measure"] != "per_cent")

def in_london(at: str) -> str:
    """The day in London of an instant in UTC: summer is from the last Sunday of March to that of October, at one o'clock."""
    when = datetime.strptime(at[:19], "%Y-%m-%dT%H:%M:%S")
    ends = [datetime(when.year, month, 31, 1) for month in (3, 10)]
    first, last = (each - timedelta(days=(each.weekday() + 1) % 7) for each in ends)
    return str((when + timedelta(hours=first <= when < last)).date())

def figure(value: Any, measure: str) -> Optional[Decimal]:
    """A figure of a plan: money is whole pence, any other number is a text."""
    kinds = {"pounds": (int,), "number": (str,)}.get(measure, (int, str))  # type: Tuple[type, ...]
    try:
        found = Decimal(value) if type(value) in kinds else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None

def alike(one: Any, other: Any) -> bool:
    """Whether two values say the same: all that nobody has filled in does."""
    blank = (None, "", [])  # type: Tuple[Any, ...]
    return (one in blank and other in blank) or text(one) == text(other)

def differences(section: str, before: Dict[str, Any], after: Dict[str, Any]) -> List[Tuple[str, Any, Any]]:
    """Each field of a section that differs, and each row that only one side has, that under no field."""
    found = []  # type: List[Tuple[str, Any, Any]]
    for key in {**before, **after}:
        one, other = before.get(key), after.get(key)
        if not any(isinstance(each, list) and each and all(isinstance(row, dict) for row in each) for each in (one, other)):
            found += [] if alike(one, other) else [(key, one, other)]
            continue
        old, new = ([row for row in side or [] if isinstance(row, dict)] for side in (one, other))
        same = matched(old, new, NAMED_BY.get(f"{section}/{key}", []))
        for number, row in enumerate(new):
            was = old[same[number]] if number in same else None
            found += [("", None, row)] if was is None else [(each, was.get(each), row.get(each)) for each in {**was, **row} if not alike(was.get(each), row.get(each))]
        found += [("", row, None) for number, row in enumerate(old) if number not in same.values()]
    return found

def matched(old: List[Dict[str, Any]], new: List[Dict[str, Any]], fields: List[str]) -> Dict[int, int]:
    """Which row of the old each of the new is: the very same, else of one name, else the one that it has most in common with."""
    filled = [[{key: each for key, each in row.items() if not alike(each, None)} for row in side] for side in (old, new)]
    names = [[", ".join(str(row[each]) for each in fields if row.get(each)) for row in side] for side in (old, new)]
    found, free = {}, {}  # type: Dict[int, int], Dict[str, List[int]]
    for at, row in enumerate(filled[0]):
        free.setdefault(text(row), []).append(at)
    for number, row in enumerate(filled[1]):
        if free.get(text(row)):
            found[number] = free[text(row)].pop(0)
    for by_name in (True, False):
        left, used = [number for number in range(len(new)) if number not in found], set(found.values())
        near, pairs = max(10, 200_000 // max(1, len(left)) // 2), []
        for number in left:  # in a list of hundreds of changed rows only those near it are looked at
            rows = [at for at in range(len(old)) if (names[0][at] == names[1][number] if by_name else at not in used)]
            at = sum(each <= number for each in rows)
            for was in rows if len(rows) <= 2 * near else rows[max(0, at - near):at + near]:
                one, other = filled[1][number], filled[0][was]
                shared = sum(alike(each, other.get(key)) for key, each in one.items())
                if was not in used and (by_name or 2 * shared > max(len(one), len(other))):
                    pairs.append((-shared, abs(number - was), number, was))
        for _, _, number, was in sorted(pairs):
            if number not in found and was not in found.values():
                found[number] = was
    return found

STEPS = (check_files, check_facts, check_plan, check_about, check_documents, check_decisions, check_findings, check_standing)

def examine(files: Dict[str, bytes], heads: Tuple[str, ...] = ()) -> Dossier:
    """The dossier with all that is right and wrong in it, held against the digests that were told by another way."""
    it = Dossier(files)
    for step in STEPS:
        try:
            step(it)
        except Exception as error:  # what cannot be read was changed
            it.wrong.append(f"Something cannot be read ({step.__name__.replace('_', ' ')}): {error!r}.")
    for head in heads:
        it.need(head in it.heads, f"{head} is no digest of this dossier: it is not what was published, or not of this version and day.")
        it.right.append(f"You gave {head}: that is {it.heads.get(head)}.")
    return it

def verdict(it: Dossier, heads: Tuple[str, ...]) -> List[str]:
    """What came of it, and what did not, in lines."""
    if it.wrong:
        return ["This dossier does NOT verify:", *(f"- {each}" for each in it.wrong), "Treat nothing in it as evidence. Ask whoever gave it to you for another."]
    whole = any(it.heads[head].startswith("the manifest") for head in heads)
    said = [*it.right, "", "These words are not proven:", *(f"- {where}: {why}" for where, why in NOT_PROVEN)]
    said += ["Taken as stated, since nothing written before binds it:", *(f"- {each}" for each in TAKEN_AS_STATED)] if not whole else []
    if not heads:
        said += ["You gave no --head, so this is held against nothing outside: whoever remakes every file can invent all of it, facts and log too.", "Ask carepool or a publication for one of these digests, and give it with --head:"]
        said += [f"- {name}: that is {what}" for name, what in it.heads.items()]
    elif not whole:
        said.append("Whoever remade every file could still have changed what is taken as stated: only the digest of the manifest shows that.")
    return [*said, f"This dossier verifies, but not whole: {it.withdrawn} documents are said to be withdrawn, which nothing shows." if it.withdrawn else "This dossier verifies."]

def main(arguments: List[str]) -> int:
    """Check a dossier, and say what came of it."""
    asked = argparse.ArgumentParser(description="Checks a dossier of a plan.", allow_abbrev=False)
    asked.add_argument("where", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="the folder or zip")
    asked.add_argument("--head", action="append", default=[], help="a digest that you were told by another way than the dossier")
    given = asked.parse_args(arguments)
    heads = tuple(each.strip().lower() for each in given.head)
    try:
        it = examine(read_all(given.where), heads)
        lines = [f"{it.about['title']} ({it.about['plan']}), version {it.about['version']}, as it stood on {it.about['as_at']['day']}, under the rules {it.about['rules']['name']}.", *verdict(it, heads)]
    except Exception as error:
        print(f"This dossier does NOT verify: it cannot be read ({error!r}).")
        return 1
    for line in lines:
        print("".join(each if each.isprintable() else "?" for each in line))  # no name may draw lines of its own
    return 1 if it.wrong else 3 if it.withdrawn else 0

if __name__ == "__main__":
    getattr(sys.stdout, "reconfigure")(encoding="utf-8", errors="replace")  # a Windows terminal may know fewer letters
    sys.exit(main(sys.argv[1:]))
