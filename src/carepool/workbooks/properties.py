"""What a filled template was made from, kept among its document's own properties, which every program keeps when it saves.

A template is somebody else's: no sheet, cell or name is added to it, and these are the one place beside its cells where
something of ours may stand.
"""

import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from carepool.workbooks.packages import part_of

NAMES = ("carepool plan", "carepool version")
"""The properties that are ours: the plan's address, and the digest of its version."""
LONGEST = 200

_PART, _TYPES, _RELATIONS = "docProps/custom.xml", "[Content_Types].xml", "_rels/.rels"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_MEDIA = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_ONE = re.compile(rb"<(?:\w+:)?property\b[^>]*?\bname\s*=\s*[\"']([^\"']*)[\"'].*?</(?:\w+:)?property\s*>", re.DOTALL)  # fmt: skip
_NUMBER = re.compile(rb"\bpid\s*=\s*[\"']([0-9]{1,9})[\"']")


def properties_in(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Our properties in the parts of a workbook; none where they are gone or nobody can read them."""
    name = _where(parts.get(_RELATIONS, b""))
    try:
        # Whoever declares entities was refused when the part was read.
        root = ET.fromstring(parts.get(name, b""))  # noqa: S314  (entities were refused when it was read)
    except ET.ParseError:
        return {}
    said = {each.get("name") or "": "".join(each.itertext()).strip() for each in root}
    return {each: said[each] for each in NAMES if len(said.get(each, "x" * LONGEST)) < LONGEST}


def with_properties(package: zipfile.ZipFile, values: Mapping[str, str]) -> dict[str, bytes]:
    """The parts of a workbook that change, and the one that is new, when it is to hold these properties."""
    relations = part_of(package, _RELATIONS)
    name = _where(relations)
    if name in package.namelist():
        return {name: _put(part_of(package, name), values)}
    empty = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="{_SPACE}"></Properties>'
    )
    types = part_of(package, _TYPES)
    return {
        _PART: _put(empty.encode(), values),
        _TYPES: _at_the_end(types, f'<Override PartName="/{_PART}" ContentType="{_MEDIA}"/>'),
        _RELATIONS: _at_the_end(relations, f'<Relationship Id="carepool" Type="{_KIND}" Target="{_PART}"/>'),
    }


def _where(relations: bytes) -> str:
    """The part that holds the properties, as the package says."""
    try:
        root = ET.fromstring(relations)  # noqa: S314  (entities were refused when it was read)
    except ET.ParseError:
        return _PART
    targets = (each.get("Target") or "" for each in root if each.get("Type") == _KIND)
    return next(targets, _PART).lstrip("/")


def _put(xml: bytes, values: Mapping[str, str]) -> bytes:
    """Properties with ours among them, in place of earlier ones of the same name."""
    ours = {each.encode() for each in values}
    kept = _ONE.sub(lambda found: b"" if found[1] in ours else found[0], xml)
    first = max((int(each) for each in _NUMBER.findall(kept)), default=1) + 1
    made = "".join(
        f'<property xmlns="{_SPACE}" fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f'<vt:lpwstr xmlns:vt="{_VALUES}">{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(values.items(), first)
    )
    return _at_the_end(kept, made, _SPACE)


def _at_the_end(xml: bytes, made: str, space: str = "") -> bytes:
    """A part with something more at the end of its root, however that is written."""
    prefix = re.search(rb"<(\w+:)[A-Z]\w*\b", xml)
    if prefix and not space:
        made = made.replace("<", f"<{prefix[1].decode()}", 1)
    if xml.rstrip().endswith(b"/>"):
        name: bytes = re.findall(rb"<([\w:]+)\b[^>]*/>\s*$", xml)[-1]
        return xml.rstrip()[:-2] + b">" + made.encode() + b"</" + name + b">"
    at = xml.rindex(b"</")
    return xml[:at] + made.encode() + xml[at:]
