"""Checks a release of carepool without carepool: python3 verify_release.py FILE [EARLIER] [--digest DIGEST].

FILE and EARLIER are releases as downloaded (JSON, or a zip with release.json). It needs Python 3.8 and nothing else.
It exits with 0 when this is the plan that the parties signed and no history was cut or rewritten, else with 1, and says what.
"""

# fmt: off
import hashlib
import json
import sys
import zipfile
from typing import Any, Dict, Iterable, List, Tuple

class Wrong(Exception):
    """The first thing that is wrong."""

def _need(holds: Any, where: str, says: str) -> None:  # Stop where something does not hold.
    if not holds:
        raise Wrong(f"{where}: {says}")
def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:  # A JSON object in which nothing is named twice.
    _need(len(dict(pairs)) == len(pairs), "file", "something is named twice in one object")
    return dict(pairs)
def _read(path: str) -> Any:  # A release from its file.
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("release.json"), object_pairs_hook=_once)
    with open(path, encoding="utf-8") as opened:
        return json.load(opened, object_pairs_hook=_once)

def _in_order(value: Any) -> Any:  # The value with the keys of every object sorted by their UTF-16 code units (RFC 8785); carepool writes no floats.
    _need(not isinstance(value, float), "file", "it holds a number that carepool never writes")
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_in_order(each) for each in value] if isinstance(value, list) else value
def _digest(kind: str, schema: int, value: Any) -> str:  # SHA-256 over carepool/KIND/SCHEMA, a line feed, and the canonical form.
    content = json.dumps(_in_order(value), ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(f"carepool/{kind}/{schema}\n".encode() + content).hexdigest()
def _node(left: bytes, right: bytes) -> bytes:  # The hash over two subtrees of the log. RFC 6962.
    return hashlib.sha256(b"\x01" + left + right).digest()
def _walk(at: int, last: int, proof: Iterable[bytes], newer: bytes, older: bytes = b"") -> Tuple[str, str]:  # The root, and the earlier root, that a proof comes to. RFC 9162, 2.1.3.2 and 2.1.4.2.
    for step in proof:
        _need(last > 0, "proof", "it is too long")
        if at & 1 or at == last:
            newer, older = _node(step, newer), _node(step, older)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            newer = _node(newer, step)
        at, last = at >> 1, last >> 1
    return (newer.hex(), older.hex()) if last == 0 else ("", "")

def _check_plan(release: Any, plan: Any) -> None:  # The digest of the plan is a tree over its sections, withheld ones by their digests.
    held = {name: each for name, each in plan.items() if name not in ("mark", "withheld", "rules", "title")}
    _need(not set(held) & set(plan["withheld"]), "documents/plan.json", "a section is withheld and stands there too")
    sections = {name: _digest("plan-section", 2, {"section": name, "content": each}) for name, each in held.items() if each}
    sections.update({name: each["digest"] for name, each in plan["withheld"].items()})
    whole = _digest("plan-tree", 2, {"rules": plan["rules"], "title": plan.get("title", ""), "sections": sections})
    _need(whole == release["digest"], "documents/plan.json", "this is not the plan whose digest was signed")

def _check_log(release: Any, log: Any) -> None:  # Every entry is in the log, none of its streams left out, each fact as it was written and chained to the one before.
    last, position, size, root = {}, 0, release["checkpoint"]["size"], release["checkpoint"]["root"]  # type: Dict[str, Any], int, int, str
    for each in log:
        where, before = f"log/{each['position']}", last.get(each["stream"], {"version": 0, "digest": None})
        _need(each["position"] > position, where, "it is not in the order of the log")
        _need(each["version"] == before["version"] + 1, where, "something before it was cut out or put in")
        fact = each.get("fact")
        if fact:
            _need((fact["stream"], fact["version"]) == (each["stream"], each["version"]), where, "it is another fact")
            _need(_digest("fact", 1, fact) == each["digest"], where, "it is not the fact that was written")
            _need(fact["previous"] == before["digest"], where, "it does not cite the entry before it")
        leaf = hashlib.sha256(b"\x00" + bytes.fromhex(each["digest"])).digest()
        found = _walk(each["position"] - 1, size - 1, map(bytes.fromhex, each["proof"]), leaf)[0]
        _need(each["position"] <= size and found == root, where, "it is not shown to be in the log")
        last[each["stream"]], position = each, each["position"]
    _need({name: each["version"] for name, each in last.items()} == release["streams"], "log", "the end of a stream was cut")

def _check_signed(release: Any, log: Any) -> None:  # Each body that is said to have agreed has a fact that says so, of this digest or of one that it named limits for.
    facts = {(each["stream"], each["version"]): each["fact"] for each in log if "fact" in each}
    for said, kind in (("parties", "PlanAgreed"), ("stages", "PlanStageReached")):
        for each in release[said]:
            fact = facts.get((each["stream"], each["version"]), {"kind": "", "on_behalf_of": "", "body": {"plan": ""}})
            wanted = (kind, each["body"], each.get("within_limits_of") or release["digest"])
            _need((fact["kind"], fact["on_behalf_of"], fact["body"]["plan"]) == wanted, said, f"nothing shows that {each['name']} signed")

def _check_earlier(size: int, root: str, earlier: Any) -> None:  # The log begins with an earlier one.
    proof, first = list(map(bytes.fromhex, earlier["proof"])), earlier["size"]
    _need(1 <= first <= size, f"log/{first}", "no log of that size can be the beginning of this one")
    at, last = first - 1, size - 1
    path = [bytes.fromhex(earlier["root"]), *proof] if first & (first - 1) == 0 else proof
    while at & 1:
        at, last = at >> 1, last >> 1
    found = (root, earlier["root"]) if first == size and root == earlier["root"] and not proof else _walk(at, last, path[1:], path[0], path[0])
    _need(found == (root, earlier["root"]), f"log/{first}", "the log does not begin with the earlier one: history was rewritten")

def check(held: Any, known: Any = None, wanted: str = "") -> None:
    """All of it; Wrong with the first thing that is not as it was."""
    release, size, root = held["release"], held["release"]["checkpoint"]["size"], held["release"]["checkpoint"]["root"]
    _need(wanted in ("", _digest("release", 1, release)), "release", "it is another release than the one whose digest you gave")
    _need({each["path"]: each["digest"] for each in release["documents"]} == {path: _digest("published", 1, each) for path, each in held["documents"].items()}, "documents", "they are not those that were published")
    _check_plan(release, held["documents"]["plan.json"])
    _check_log(release, held["log"])
    _check_signed(release, held["log"])
    for each in held["earlier"]:
        _check_earlier(size, root, each)
    if known:
        before = known["release"]["checkpoint"]
        _need(before["size"] <= size, f"log/{size + 1}", "the log is shorter than it was: history was cut")
        roots = {**{each["size"]: each["root"] for each in held["earlier"]}, size: root}
        _need(roots.get(before["size"], before["root"]) == before["root"], f"log/{before['size']}", "history was rewritten")
        _need(before["size"] in roots, f"log/{before['size']}", "the file holds no proof from that earlier log")

if __name__ == "__main__":
    wanted = sys.argv[sys.argv.index("--digest") + 1].lower() if "--digest" in sys.argv else ""
    files = [_read(each) for each in sys.argv[1:] if not each.startswith("--") and each.lower() != wanted]
    try:
        check(*files[:2], **{"wanted": wanted})
    except (Wrong, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        sys.exit(f"This release does NOT verify. {error}")
    print(f"This is {files[0]['release']['title']}, release {_digest('release', 1, files[0]['release'])}, signed by:", *[each["name"] for each in files[0]["release"]["parties"]], sep="\n- ")
