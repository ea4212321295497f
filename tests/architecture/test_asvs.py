"""What is said of OWASP ASVS holds: every requirement once, and no control or test that is not there."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.asvs import LEVELS, PAGE, ROOT, faults, page, rows, wanted

SOURCES = sorted((ROOT / "src" / "carepool").rglob("*.py"))
MADE_OF_TEXT = {"eval", "exec", "compile", "__import__", "from_string", "mark_safe"}
UNPACKS_ANYTHING = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
BROKEN = {"md5", "sha1", "md4", "blowfish", "arc4", "ecb", "tripledes"}
Mutant = Callable[[dict[str, Any]], None]


def test_the_list_is_the_standards() -> None:
    """As many of each level as version 5.0.0 has."""
    levels = "".join(LEVELS.values())
    assert [levels.count(each) for each in "123"] == [70, 183, 92]
    assert len(wanted()) == 253


@pytest.mark.slow
def test_every_requirement_is_answered_and_every_answer_is_there() -> None:
    """Each once, with a control, a gap or a reason; controls and tests exist; level 1 and money have tests."""
    assert faults(rows()) == []


@pytest.mark.slow
def test_the_page_is_made_of_it() -> None:
    """docs/safety/asvs.md is what “make reference” makes, gaps counted on top."""
    assert PAGE.read_text(encoding="utf-8") == page(rows())
    gaps = [each["number"] for each in rows() if each.get("gap")]
    assert f"**{len(gaps)} gaps**" in page(rows())


MUTANTS: dict[str, tuple[str, Mutant]] = {
    "a control that is gone": ("no control src/carepool/gone.py", lambda row: row.update(control=["src/carepool/gone.py"])),
    "a name that is gone": ("no control src/carepool/wiring/logs.py::Gone", lambda row: row.update(control=["src/carepool/wiring/logs.py::Gone"])),
    "a document without the words": ("no control README.md::Nowhere said", lambda row: row.update(control=["README.md::Nowhere said"])),
    "a test that is gone": ("no test tests/web/test_pages.py::test_gone", lambda row: row.update(tests=["tests/web/test_pages.py::test_gone"])),
    "a file of tests that is gone": ("no test tests/gone.py::test_it", lambda row: row.update(tests=["tests/gone.py::test_it"])),
    "no test": ("has no test", lambda row: row.update(tests=[])),
    "no answer": ("neither a control nor a gap", lambda row: row.update(control=[], tests=[])),
    "no reason": ("no reason why", lambda row: (row.clear(), row.update(number="1.2.4", level=1, asks="x", applies=False))),
    "another level": ("its level is 1", lambda row: row.update(level=2)),
    "another number": ("1.2.4: it is missing", lambda row: row.update(number="1.2.10")),
    "twice": ("there 2 times", lambda row: row.update(number="1.2.5")),
    "a part that nobody reads": ("controls is no part", lambda row: row.update(controls=[])),
}  # fmt: skip


@pytest.mark.parametrize("which", MUTANTS)
@pytest.mark.slow
def test_what_is_wrong_is_seen(which: str) -> None:
    """Each fault in one row is told, and nothing is told without one."""
    says, mutate = MUTANTS[which]
    found = [dict(each) for each in rows()]
    mutate(next(each for each in found if each["number"] == "1.2.4"))
    assert any(says in each for each in faults(found)), faults(found)


# What no requirement's own test would notice


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_is_made_of_text_and_nothing_is_hashed_by_what_is_broken(path: Path) -> None:
    """No text is run, made a template or passed to a shell, nothing that was sent is unpacked into objects, and no broken hash or cipher is used."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""  # fmt: skip
            of_re = isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "re.compile"
            assert of_re or name not in MADE_OF_TEXT, ast.unparse(node)
            assert name.casefold() not in BROKEN, ast.unparse(node)
            assert not any(each.arg == "shell" for each in node.keywords), ast.unparse(node)
            assert ast.unparse(node.func) not in {"os.system", "os.popen", "yaml.load", "yaml.unsafe_load"}
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {each.name.partition(".")[0] for each in node.names} | {
                getattr(node, "module", None) or ""
            }
            assert not names & UNPACKS_ANYTHING, ast.unparse(node)


def test_what_the_guide_puts_before_the_service() -> None:
    """The proxy speaks TLS 1.2 and 1.3 alone with suites of forward secrecy, leads all else there, and keeps no addresses; the service listens on its
    machine alone, may write nothing but its own, and has no source control within reach."""
    proxy, unit = (
        (ROOT / "deploy" / each).read_text(encoding="utf-8") for each in ("nginx.conf", "carepool.service")
    )
    assert re.findall(r"ssl_protocols (.*);", proxy) == ["TLSv1.2 TLSv1.3"]
    [suites] = re.findall(r"ssl_ciphers (.*);", proxy)
    assert all(re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)", each) for each in suites.split(":"))  # fmt: skip
    assert 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;' in proxy
    assert (
        "proxy_hide_header Strict-Transport-Security;" in proxy
    )  # once in each answer, its own refusals too
    assert "ssl_certificate     /etc/ssl/carepool/fullchain.pem;" in proxy
    assert re.findall(r"listen (?:\[::\]:)?80;\s", proxy)
    assert "return 301 https://$server_name$request_uri;" in proxy
    assert "access_log off;" in proxy
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert "--host 127.0.0.1" in unit
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet=", "UMask=0077", "InaccessiblePaths=-/srv/carepool/.git"} <= set(unit.splitlines())  # fmt: skip
    assert ".git" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_our_scripts_write_words_only_and_keep_nothing() -> None:
    """What is shown is set as text, never as markup; nothing is kept in the browser, and nothing is heard from other windows."""
    scripts = sorted((ROOT / "src" / "carepool").rglob("*.js"))
    assert [each.name for each in scripts] == ["autosave.js"]
    for each in scripts:
        text = each.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|localStorage|sessionStorage|"
            r"indexedDB|document\.cookie|postMessage|WebSocket|importScripts|__proto__",
            text,
        )


def test_templates_escape_what_they_are_given() -> None:
    """No template calls safe what it was given but for our own style sheet, switches escaping off, or leads to a script's address."""
    templates = sorted((ROOT / "src" / "carepool").rglob("*.jinja"))
    assert len(templates) > 50
    for each in templates:
        text = each.read_text(encoding="utf-8")
        assert not re.search(r"autoescape false|javascript:|data:text", text), each.name
        assert re.findall(r"(\w+)\s*\|\s*safe\b", text) in ([], ["style"]), each.name
