"""Write a folder of files that nobody wants to receive: ``python tests/hostile.py FOLDER``.

Broken, locked, misnamed, boundless and nonsensical files, and sound forms among them. Each says what must
become of it; ``tests/test_hostile.py`` runs the whole folder through the command line and holds it to that.
Equal in every run: what is random has a fixed seed.
"""

from __future__ import annotations

import io
import os
import random
import struct
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlwt
from compound_builder import compound
from doc_builder import word_file
from small_form import SMALL_FORM

from extract.word.compound import Compound

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "samples" / "seed"
#: words of the office programs stand in it in five formats; there is no form in it
FILES = HERE / "files"

OK, FORMLESS, FAILED = ("ok",), ("no_form",), ("failed",)
#: for what may be harmless by chance: a bit that flipped in a byte that nobody reads
ANY = ("ok", "partial", "no_form", "failed")


@dataclass(frozen=True)
class Hostile:
    """A file, and the statuses of which one must stand in its row of ``sources``.

    ``members`` are the statuses that files in it may have, where it is an archive.
    """

    name: str
    data: bytes
    statuses: tuple[str, ...] = FAILED
    members: tuple[str, ...] = ANY


def hostile_files() -> Iterator[Hostile]:
    """All of them."""
    from hostile_bombs import bombs, depths, giants, loops

    for family in (
        sound,
        cut,
        interrupted,
        flipped,
        locked,
        misnamed,
        noise,
        nonsense,
        named,
        bombs,
        depths,
        giants,
        loops,
    ):
        for file in family():
            yield Hostile(f"{family.__name__}/{file.name}", file.data, file.statuses, file.members)


def wholes() -> dict[str, bytes]:
    """A sound file of each format that must notice when a part of it is missing."""
    forms = {
        ending: (SAMPLE / f"form.{ending}").read_bytes() for ending in ("docx", "pdf", "ofd", "xlsx", "odt")
    }
    parcel = zipped({"甲/form.docx": forms["docx"], "乙/form.txt": SMALL_FORM.encode()})
    return {**forms, "zip": parcel, "doc": (FILES / "various.doc").read_bytes(), "xls": xls()}


def xls() -> bytes:
    """An old workbook with the small form."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("自评表")
    for row, line in enumerate(SMALL_FORM.splitlines()):
        for column, text in enumerate(line.strip("| ").split(" | ")):
            sheet.write(row, column, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, packing)
    return out.getvalue()


def sound() -> Iterator[Hostile]:
    """What must come through unharmed."""
    for ending in ("docx", "txt", "pdf", "ofd", "xlsx", "odt", "html"):
        yield Hostile(f"form.{ending}", (SAMPLE / f"form.{ending}").read_bytes(), OK)
    yield Hostile("form.xls", xls(), OK)
    yield Hostile("form.zip", wholes()["zip"], OK, OK)


def cut() -> Iterator[Hostile]:
    """Downloads that stopped at each tenth."""
    for ending, data in wholes().items():
        for tenth in range(1, 10):
            # what stands in front of a break in an old Word file or workbook may be whole: but never in a zip
            yield Hostile(f"{tenth}0%.{ending}", data[: len(data) * tenth // 10])


def interrupted() -> Iterator[Hostile]:
    """The same in formats that can be read up to the break: that something is missing is said all the same."""
    from test_mail import ordinary

    page = (SAMPLE / "form.html").read_bytes()
    saved = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n"
    )
    texts = {
        "rtf": (FILES / "various.rtf").read_bytes(), "html": page[: page.rindex(b"</table>")], "mht": saved + page + b"\n--x--\n",
        "eml": ordinary().as_bytes(),
    }  # fmt: skip
    for ending, data in texts.items():
        for tenth in range(4, 10):
            yield Hostile(
                f"{tenth}0%.{ending}", data[: len(data) * tenth // 10], ("partial", "no_form", "failed")
            )


def flipped() -> Iterator[Hostile]:
    """Bits that a disk lost."""
    chance = random.Random(20240315)
    for ending, data in wholes().items():
        for number, count in enumerate((1, 8, 64, 512), start=1):
            broken = bytearray(data)
            for _ in range(count):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            yield Hostile(f"{number}.{ending}", bytes(broken), ANY)


def locked() -> Iterator[Hostile]:
    """Files with a password."""
    from ofd_builder import ofd, table
    from test_odt import odt
    from test_pdf_hostile import good

    packed = compound({"EncryptionInfo": b"\x04\0\x04\0" + bytes(60), "EncryptedPackage": bytes(8192)})
    yield Hostile("form.docx", packed)
    yield Hostile("form.xlsx", packed)
    yield Hostile("form.pdf", good(encrypt="geheim"))
    yield Hostile("form.doc", word_file([("表\r", b"")], flags=0x0300))
    book = Compound(xls()).stream("Workbook")
    first = 4 + struct.unpack_from("<H", book, 2)[0]
    secret = struct.pack("<HH", 0x2F, 54) + struct.pack("<HHH", 1, 1, 1) + bytes(48)
    yield Hostile("form.xls", compound({"Workbook": book[:first] + secret + book[first:]}))
    manifest = "<manifest:manifest {namespaces}><manifest:encryption-data/></manifest:manifest>"
    yield Hostile("form.odt", odt("", parts={"META-INF/manifest.xml": manifest}))
    yield Hostile("form.ofd", ofd(table(), parts={"Encryptions.xml": "<Encryptions/>"}))
    yield Hostile("form.zip", with_flag(zipped({"form.docx": b"secret"})), OK, FAILED)
    yield Hostile("guarded.docx", b"%TSD-Header-###%" + bytes(4000))
    yield Hostile("safe.doc", b"\x62\x14\x23\x65" + b"E-SafeNet" + bytes(4000))


def with_flag(data: bytes) -> bytes:
    """A zip archive whose first file says that it is encrypted."""
    changed = bytearray(data)
    changed[changed.index(b"PK\x03\x04") + 6] |= 1
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def misnamed() -> Iterator[Hostile]:
    """Contents behind another format's ending: what is a form is read all the same."""
    for is_in, named in (
        ("docx", "form.txt"), ("docx", "form.pdf"), ("pdf", "form.docx"), ("txt", "form.xls"), ("xlsx", "form.doc"),
        ("html", "form.xls"), ("html", "form.doc"), ("odt", "form"), ("txt", "form.exe"),
    ):  # fmt: skip
        yield Hostile(f"{is_in}-{named}", (SAMPLE / f"form.{is_in}").read_bytes(), OK)
    yield Hostile("shortcut.docx", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(400))
    yield Hostile("program.docx", b"MZ\x90\0\x03\0\0\0" + random.Random(1).randbytes(4000))
    yield Hostile("program.xlsx", b"\x7fELF\x02\x01\x01" + random.Random(2).randbytes(4000))
    yield Hostile("picture.docx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(3).randbytes(4000))
    yield Hostile("picture.png", b"\x89PNG\r\n\x1a\n")
    yield Hostile("empty.docx", b"")
    yield Hostile("empty.pdf", b"")
    yield Hostile("one byte.xlsx", b"P", FORMLESS)
    yield Hostile("empty.zip", zipped({}), FORMLESS)
    yield Hostile("parts.zip", zipped({"word/a.xml": b"<a/>", "xl/b.xml": b"<b/>"}), OK)


#: how files of each kind begin
SIGNATURES = {
    "zip": b"PK\x03\x04", "empty zip": b"PK\x05\x06", "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "pdf": b"%PDF-1.7\n", "rtf": b"{\\rtf1\\ansi ", "7z": b"7z\xbc\xaf\x27\x1c\0\4", "rar": b"Rar!\x1a\x07\x00",
    "rar5": b"Rar!\x1a\x07\x01\0", "gzip": b"\x1f\x8b\x08\0", "xz": b"\xfd7zXZ\0", "bzip2": b"BZh91AY&SY",
    "jpeg": b"\xff\xd8\xff\xe0", "gif": b"GIF89a", "tiff": b"II*\0", "tar": bytes(257) + b"ustar\x0000",
    "html": b"<!DOCTYPE html><table><tr><td>", "xml": b"<?xml version='1.0'?><", "biff": b"\x09\x08\x10\0\0\6\5\0",
    "mail": b"From: a@b.cn\nTo: c@d.cn\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
    "utf-16": b"\xff\xfe", "utf-16 be": b"\xfe\xff", "utf-8": b"\xef\xbb\xbf", "word 6": b"\xdb\xa5-\0", "none": b"",
}  # fmt: skip


def noise() -> Iterator[Hostile]:
    """Random bytes behind the signature of each format."""
    for seed, (kind, signature) in enumerate(SIGNATURES.items()):
        yield Hostile(f"{kind}.bin", signature + random.Random(seed).randbytes(6000), ("failed", "no_form"))


def nonsense() -> Iterator[Hostile]:
    """Text that is none, and text that is nothing else."""
    form = SMALL_FORM
    yield Hostile("nul.txt", bytes(5000))
    yield Hostile("nul.docx", bytes(5000))
    yield Hostile("spaces.txt", b" \n" * 5000, ("failed", "no_form"))
    yield Hostile("half a character.txt", form.encode("utf-16")[:-1], ANY)
    yield Hostile("surrogates.txt", b"\xff\xfe" + b"\x00\xd8" * 3000, ("failed", "no_form"))
    yield Hostile("swapped.txt", b"\xfe\xff" + form.encode("utf-16-le"), ("failed", "no_form"))
    yield Hostile("utf-32.txt", form.encode("utf-32"), ANY)
    yield Hostile("controls.txt", form.replace("道路", "道\x1b[31m\x07\x08路\x00").encode(), ANY)
    yield Hostile("turned round.txt", form.replace("37.5", "\u202e5.73\u202c").encode(), ANY)
    yield Hostile("two codings.txt", form.encode() + form.encode("gb18030"), ANY)
    yield Hostile("bars.txt", b"|" * 300_000, ("failed", "no_form"))
    yield Hostile("tabs.txt", b"\t" * 300_000, ("failed", "no_form"))
    yield Hostile("lines.txt", b"\n" * 3_000_000 + b"a", ("failed", "no_form"))
    yield Hostile("one line.txt", "项目名称".encode() * 100_000, ("failed", "no_form"))
    yield Hostile("digits.txt", form.replace("125000.00", "9" * 100_000).encode(), ANY)
    yield Hostile("brackets.html", b"<table><tr><td>" + b"<" * 300_000, ("failed", "no_form"))
    yield Hostile("quotes.csv", b'a,"' + b'""' * 200_000, ("failed", "no_form"))
    yield Hostile("accents.txt", form.replace("道路", "道" + "\u0301" * 50_000).encode(), ANY)


def named() -> Iterator[Hostile]:
    """Sound forms whose names are the trap, on disk and in an archive."""
    form = SMALL_FORM.encode()
    names = [
        "两\n行.txt",
        "\x1b[31mred.txt",
        "\u202etxt.exe",
        "a" * 251 + ".txt",
        "[red]x[/red].txt",
        "=1+1.txt",
        "-rf",
        " form.txt",
    ]
    for name in names:
        yield Hostile(name, form, OK)
    harm = [
        "../../../etc/passwd.txt",
        "/root/abs.txt",
        "C:\\Windows\\x.txt",
        "a\0b.txt",
        "字" * 3000 + ".txt",
        *names,
    ]
    yield Hostile("names.zip", zipped(dict.fromkeys(harm, form)), OK, OK)
    with_link = zipfile.ZipInfo("link.docx")
    with_link.create_system, with_link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(with_link, "/etc/passwd")
        archive.writestr("form.txt", form)
    yield Hostile("link.zip", out.getvalue(), ("partial",), OK)


def write(folder: Path) -> dict[str, Hostile]:
    """Write all files into a folder; each by its path, as runs name it, with what must become of it."""
    written: dict[str, Hostile] = {}
    for file in hostile_files():
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        written[str(path)] = file
    for name, target in (("nowhere.docx", "missing.docx"), ("itself.docx", "itself.docx"), ("up.docx", "..")):
        link = folder / "named" / name
        if not os.path.lexists(link):
            link.symlink_to(target)
        if name != "up.docx":  # which is a folder that is being read already
            written[str(link)] = Hostile(name, b"")
    if hasattr(os, "mkfifo"):
        pipe = folder / "named" / "pipe.docx"
        if not pipe.exists():
            os.mkfifo(pipe)
        written[str(pipe)] = Hostile("pipe.docx", b"")
    return written


if __name__ == "__main__":
    sys.stdout.write(f"{len(write(Path(sys.argv[1])))} files\n")
