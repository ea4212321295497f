"""Files that are no workbook, or one made to do harm, each end in one plain sentence; the reader goes on."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from carepool.actions.house import House
from carepool.basics.refusals import Unusable
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.packages import LARGEST
from carepool.workbooks.reading import Reader, read_workbook
from tests.workbooks.making import export, seeds

SHEET = "xl/worksheets/sheet5.xml"
Chance = random.Random
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


@pytest.fixture(scope="module")
def good(county: House) -> bytes:
    """A workbook of ours."""
    return export(county, "carrowby")


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> bytes:  # fmt: skip
    """The package with some parts changed, left out or added."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if (found := change(part.filename, old.read(part.filename))) is not None:
                new.writestr(part.filename, found)
        for name, found in (more or {}).items():
            new.writestr(name, found)
    return held.getvalue()


def sheet(content: bytes, xml: str) -> bytes:
    return repacked(content, lambda name, old: xml.encode() if name == SHEET else old)


def test_a_sheet_in_another_folder_is_not_passed_over(good: bytes) -> None:
    """A sheet whose part stands where no sheets do is refused by its name, and not taken for one that is gone; so is one whose part is missing."""
    moved = repacked(good, lambda name, old: None if name == SHEET else old.replace(b"worksheets/sheet5.xml", b"elsewhere/sheet5.xml"), {"xl/elsewhere/sheet5.xml": zipfile.ZipFile(io.BytesIO(good)).read(SHEET)})  # fmt: skip
    for content in (moved, repacked(good, lambda name, old: None if name == SHEET else old)):
        with pytest.raises(Unusable, match="is kept in a part of the workbook where it cannot be read"):
            read_workbook(content)


def cut(content: bytes, chance: Chance) -> bytes:
    return content[: chance.randrange(5, len(content) - 30)]


def flipped(content: bytes, chance: Chance) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randrange(1, 200)):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def noise(content: bytes, chance: Chance) -> bytes:
    return chance.choice([b"", b"PK\x03\x04"]) + chance.randbytes(chance.randrange(1, 5000))


def zip_bomb(content: bytes, chance: Chance) -> bytes:
    return repacked(content, lambda name, old: old, {"xl/media/a.xml": b"<a>" + b" " * chance.randrange(20, 60) * 2**20})  # fmt: skip


def slow_bomb(content: bytes, chance: Chance) -> bytes:
    return repacked(content, lambda name, old: old, {f"xl/media/{n}.xml": chance.randbytes(1) * 900_000 for n in range(120)})  # fmt: skip


def lying_size(content: bytes, chance: Chance) -> bytes:
    bomb = zip_bomb(content, chance)
    at = bomb.rindex(b"xl/media/a.xml") - 46
    return bomb[: at + 24] + struct.pack("<I", 100) + bomb[at + 28 :]


def xml_bomb(content: bytes, chance: Chance) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(chance.randrange(5, 12)))  # fmt: skip
    return sheet(content, f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><worksheet><sheetData>&e4;</sheetData></worksheet>')  # fmt: skip


def outside_entity(content: bytes, chance: Chance) -> bytes:
    return sheet(content, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>')


def far_cell(content: bytes, chance: Chance) -> bytes:
    ref = chance.choice(["XFD1048576", "ZZ900000", "AAA1048576"])
    return sheet(content, f'{HEAD}<dimension ref="A1"/><sheetData><row r="{ref[-7:] if ref[-7:].isdecimal() else 1048576}"><c r="{ref}"><v>1</v></c></row></sheetData></worksheet>')  # fmt: skip


def far_row(content: bytes, chance: Chance) -> bytes:
    return sheet(content, f'{HEAD}<sheetData><row r="{2**31 + chance.randrange(9)}"><c><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>')  # fmt: skip


def many_cells(content: bytes, chance: Chance) -> bytes:
    rows = "".join("<row>" + "".join(f"<c><v>{chance.randrange(10**6)}</v></c>" for _ in range(40)) + "</row>" for _ in range(5_100))  # fmt: skip
    return sheet(content, f"{HEAD}<sheetData>{rows}</sheetData></worksheet>")


def deep(content: bytes, chance: Chance) -> bytes:
    return sheet(content, HEAD + "<a>" * 200_000)


def no_xml(content: bytes, chance: Chance) -> bytes:
    return sheet(content, chance.choice(["", "hello", "<worksheet", "\ufeff\ufeff", HEAD]))


def utf16(content: bytes, chance: Chance) -> bytes:
    return repacked(content, lambda name, old: "<!DOCTYPE x>".encode("utf-16") if name == SHEET else old)


def slip(content: bytes, chance: Chance) -> bytes:
    return repacked(content, lambda name, old: old, {chance.choice(["../../etc/x.xml", "/etc/x", "xl\\..\\..\\x", "C:/x"]): b"x"})  # fmt: skip


def many_parts(content: bytes, chance: Chance) -> bytes:
    return repacked(content, lambda name, old: old, {f"a{n}": b"" for n in range(1500)})


def lacking(content: bytes, chance: Chance) -> bytes:
    gone = chance.choice(["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"])
    return repacked(content, lambda name, old: None if name == gone else old)


def twice(content: bytes, chance: Chance) -> bytes:
    held = io.BytesIO(content)
    with zipfile.ZipFile(held, "a") as package:
        package.writestr(SHEET.replace("sheet5", "Sheet5"), b"<worksheet/>")
    return held.getvalue()


def encrypted_part(content: bytes, chance: Chance) -> bytes:
    found = bytearray(content)
    at = content.rindex(b"xl/workbook.xml") - 46
    found[at + 8] |= 1
    return bytes(found)


def old_excel(content: bytes, chance: Chance) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(5000)


def locked(content: bytes, chance: Chance) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(900) + "EncryptedPackage".encode("utf-16-le") + chance.randbytes(900)  # fmt: skip


def ods(content: bytes, chance: Chance) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<a/>")
    return held.getvalue()


def csv(content: bytes, chance: Chance) -> bytes:
    return "\n".join(f"a,b,{chance.random()}" for _ in range(50)).encode()


def strings_bomb(content: bytes, chance: Chance) -> bytes:
    return repacked(content, lambda name, old: old[:200] + b"<si>" * 100_000 if name.endswith("sharedStrings.xml") else old)  # fmt: skip


def empty(content: bytes, chance: Chance) -> bytes:
    return b""


def large(content: bytes, chance: Chance) -> bytes:
    return content + bytes(LARGEST)


REFUSED = (
    cut, noise, zip_bomb, slow_bomb, xml_bomb, outside_entity, far_cell, far_row, many_cells, utf16, slip, many_parts,
    twice, encrypted_part, old_excel, locked, ods, csv, empty, large, deep, no_xml, strings_bomb,
)  # fmt: skip
"""Each of these must be refused."""
PERHAPS = (flipped, lying_size, lacking)
"""Of these some leave a workbook that can be read after all, which is then checked like any other."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Children of these tests alone: many will be lost."""
    with Reader(2) as made:
        yield made  # type: ignore[misc]


@pytest.mark.parametrize("seed", seeds(100, 1_000))
def test_a_hostile_file_ends_in_a_plain_sentence(county: House, good: bytes, reader: Reader, seed: int) -> None:  # fmt: skip
    """Whatever the file, there is one sentence on one line that says what it is and what to do, and no other ending."""
    chance = random.Random(seed)
    number = seed - seeds(1, 1)[0]
    makers = [*REFUSED, *PERHAPS]
    make = makers[number % len(makers)]
    content = make(good, chance)
    try:
        check_workbook(county, reader.read(content))
    except Unusable as refusal:
        says = str(refusal)
        assert "\n" not in says
        assert says[0].isupper()
        assert says.endswith(".")
        assert "Traceback" not in says
        assert len(says) < 300
    else:
        assert make in PERHAPS, make.__name__


def test_the_reader_goes_on_after_all_of_them(county: House, good: bytes, reader: Reader) -> None:
    """After them the same reader reads a good workbook."""
    assert check_workbook(county, reader.read(good)).plan


def test_a_batch_loses_only_the_bad_ones(good: bytes) -> None:
    """In a batch each file has its answer in its place, and a child is replaced after a fault."""
    chance = random.Random(1)
    with Reader(2) as many:
        found = list(many.read_all([good, far_cell(good, chance), good, csv(good, chance), good]))
    assert [isinstance(each, Unusable) for each in found] == [False, True, False, True, False]


def told(content: bytes) -> str:
    with pytest.raises(Unusable) as refusal:
        read_workbook(content)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (old_excel, "an old Office file"), (locked, "protected with a password"), (ods, "OpenDocument"), (csv, "a text file"),
        (empty, "empty"), (large, "more than the 10,485,760"), (slip, "leads out of it"), (xml_bomb, "declares entities"),
        (far_cell, "far from everything else"), (many_cells, "more than 200,000 cells"), (twice, "a part twice"), (zip_bomb, "200 times its size"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_it_is(good: bytes, make: Callable[[bytes, Chance], bytes], says: str) -> None:
    """The kinds that people meet are named for what they are."""
    assert says in told(make(good, random.Random(3)))


def test_the_name_is_not_asked(good: bytes, county: House) -> None:
    """Only the content tells; macros beside it are not run, and said to be ignored."""
    content = repacked(good, lambda name, old: old, {"xl/vbaProject.bin": b"macro"})
    checked = check_workbook(county, read_workbook(content))
    assert [each.severity for each in checked.faults if each.code == "macros-ignored"] == ["note"]


def test_a_declared_dimension_is_not_trusted(good: bytes, county: House) -> None:
    """A sheet that declares one cell is read whole."""
    lied = repacked(good, lambda name, old: old.replace(b"<dimension ref=", b'<dimension ref="A1" x=') if name.startswith("xl/worksheets") else old)  # fmt: skip
    assert check_workbook(county, read_workbook(lied)).plan == check_workbook(county, read_workbook(good)).plan  # fmt: skip
