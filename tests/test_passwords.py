"""Files with a password: refused by name without it, read with it, and the password is written nowhere."""

from __future__ import annotations

import csv
import io
import struct
import sys
import zipfile
import zlib
from functools import cache
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from reportlab.lib import pdfencrypt
from reportlab.pdfgen import canvas
from typer.testing import CliRunner

from extract.document import ReadError
from extract.readers import read
from extract.unlock import offering
from zipingbiao.batch.run import run
from zipingbiao.cli import app
from zipingbiao.pipeline import records

SEED = Path(__file__).parent.parent / "samples" / "seed" / "form.docx"
PASSWORD = "绩效2021"


@cache
def locked_docx() -> bytes:
    made = io.BytesIO()
    OOXMLFile(io.BytesIO(SEED.read_bytes())).encrypt(PASSWORD, made)
    return made.getvalue()


def locked_pdf() -> bytes:
    made = io.BytesIO()
    page = canvas.Canvas(made, encrypt=pdfencrypt.StandardEncryption("pw", strength=128))
    page.drawString(100, 700, "total 98.3")
    page.save()
    return made.getvalue()


def locked_zip(name: str, content: bytes, password: bytes) -> bytes:
    """A ZIP archive with one member, stored, in the encryption that every program still writes."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def turn(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        turn(byte)
    packed = bytearray()
    for byte in bytes(11) + bytes([zlib.crc32(content) >> 24]) + content:
        mask = keys[2] | 2
        packed.append(byte ^ ((mask * (mask ^ 1)) >> 8) & 0xFF)
        turn(byte)
    raw = name.encode()
    about = struct.pack(
        "<HHHHHIIIHH", 20, 0x801, 0, 0, 33, zlib.crc32(content), len(packed), len(content), len(raw), 0
    )
    local = b"PK\x03\x04" + about + raw + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + about + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "a.docx").write_bytes(locked_docx())
    (inputs / "b.pdf").write_bytes(locked_pdf())
    (inputs / "c.zip").write_bytes(locked_zip("内/表.docx", SEED.read_bytes(), b"pw"))
    (inputs / "d.zip").write_bytes(locked_zip("表.docx", locked_docx(), PASSWORD.encode("gb18030")))
    return inputs


def test_the_archive_of_the_tests_is_one_that_python_reads() -> None:
    with zipfile.ZipFile(io.BytesIO(locked_zip("a.txt", b"abc" * 50, b"pw"))) as container:
        assert container.read("a.txt", pwd=b"pw") == b"abc" * 50


@pytest.mark.parametrize("name", ["a.docx", "b.pdf"])
def test_without_a_password_the_sentence_says_how_to_give_it(folder: Path, name: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read(folder / name)
    assert "--password" in refusal.value.message.zh and "--password" in refusal.value.message.en


@pytest.mark.parametrize("name", ["a.docx", "b.pdf", "c.zip!/内/表.docx"])
def test_a_wrong_password_is_named_as_such(folder: Path, name: str) -> None:
    with offering(["falsch"]), pytest.raises(ReadError) as refusal:
        read(folder / name)
    assert "核对密码" in refusal.value.message.zh and "check" in refusal.value.message.en
    assert "falsch" not in "".join(refusal.value.message)


@pytest.mark.parametrize("name", ["a.docx", "c.zip!/内/表.docx", "d.zip!/表.docx"])
def test_one_of_the_passwords_opens_it(folder: Path, name: str) -> None:
    (form,) = records(folder / name, passwords=["falsch", "pw", PASSWORD])
    assert form.total.score is not None and form.total.score.raw == "100"


def test_a_pdf_is_opened_with_its_password(folder: Path) -> None:
    with offering(["pw"]):
        document = read(folder / "b.pdf")
    assert "98.3" in str(document.blocks)


def test_a_sound_file_is_the_same_with_a_password(folder: Path) -> None:
    (form,) = records(SEED, passwords=["pw"])
    assert form.total.score is not None and form.total.score.raw == "100"


def test_a_run_reads_what_it_has_the_passwords_for(folder: Path) -> None:
    done = run(folder, passwords=["pw", PASSWORD])
    assert [row["status"] for row in done.sources] == ["ok", "no_form", "ok", "ok", "ok", "ok"]
    assert len({row["sha256"] for row in done.sources}) == 5  # one lies twice there
    done = run(folder)
    assert [row["status"] for row in done.sources] == ["failed", "failed", "ok", "failed", "ok", "failed"]


def test_no_password_is_written_anywhere(folder: Path, tmp_path: Path) -> None:
    arguments = [
        "run",
        str(folder),
        "--out",
        str(tmp_path / "out"),
        "--password",
        PASSWORD,
        "--tables",
        "csv",
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1  # of two files the password is another
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert PASSWORD not in done.output and PASSWORD.encode() not in written
    with (tmp_path / "out" / "sources.csv").open(encoding="utf-8-sig", newline="") as file:
        statuses = {Path(row["source"]).name: row["status"] for row in csv.DictReader(file)}
    assert statuses["a.docx"] == "ok" and statuses["b.pdf"] == "failed"


def test_without_the_package_the_sentence_names_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    with offering(["pw"]), pytest.raises(ReadError) as refusal:
        read(folder / "a.docx")
    assert "zipingbiao[password]" in refusal.value.message.zh
