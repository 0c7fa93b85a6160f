"""The files in an archive are sources of their own; nothing is unpacked into a folder, and bombs stay packed."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import shutil
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from fuzzing import damaged
from small_form import SMALL_FORM

import zipingbiao as zpb
from extract.archives import archive, bsdtar, members
from extract.archives.archive import MAX_DEPTH, Archive, plain_names, tame
from extract.archives.bsdtar import find_bsdtar
from extract.archives.members import load_member, open_archive
from extract.document import ReadError
from extract.readers import FORMATS, find_format, load
from zipingbiao.batch import unpacking
from zipingbiao.batch.progress import Progress

FORM = SMALL_FORM.encode()
OPEN = {known.name: known.open for known in FORMATS if known.opener}


def zipped(files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT, encoding: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding) as container:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            container.addfile(about, io.BytesIO(content))
    return out.getvalue()


def unpacked(data: bytes, name: str = "a") -> dict[str, bytes]:
    archive = opened(data, name)
    return {name: archive.read(member) for name, member in archive.members.items()}


def opened(data: bytes, name: str = "a") -> Archive:
    return find_format(data).open(lambda: io.BytesIO(data), name)


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        unpacked(data)
    return error.value.message.zh


PACKED: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "bzip2.zip": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "tar": tarred,
    "gnu.tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.bz2": lambda files: bz2.compress(tarred(files)),
    "tar.xz": lambda files: lzma.compress(tarred(files)),
}


@pytest.mark.parametrize("ending", PACKED)
def test_an_archive_holds_its_files_under_their_names(ending: str) -> None:
    files = {"自评表.txt": FORM, "甲乡/" + "很长的名字" * 30 + ".txt": b"1", "空.txt": b""}
    assert unpacked(PACKED[ending](files)) == files


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_packed_file_has_the_name_of_its_archive(pack: Callable[[bytes], bytes]) -> None:
    assert unpacked(pack(FORM), "forms/自评表.txt.gz") == {"自评表.txt": FORM}


class TestNames:
    @pytest.mark.parametrize("codec", ["gbk", "utf-8"])
    def test_of_a_zip_without_the_flag_for_utf8(self, codec: str) -> None:
        raw = "二〇二一年/自评表.txt".encode(codec)
        plain = zipped({"x" * len(raw): FORM})
        assert unpacked(plain.replace(b"x" * len(raw), raw)) == {"二〇二一年/自评表.txt": FORM}

    def test_with_a_backslash_inside_a_gbk_character(self) -> None:
        raw = "誠.txt".encode("gbk")  # D55C: its second byte is a backslash
        assert b"\\" in raw
        assert list(unpacked(zipped({"x" * len(raw): FORM}).replace(b"x" * len(raw), raw))) == ["誠.txt"]

    def test_of_a_zip_from_machines_of_several_kinds(self) -> None:
        assert plain_names(["甲".encode(), "乙".encode("gbk"), b"c"]) == ["甲", "乙", "c"]

    def test_in_utf8_beside_others(self) -> None:
        raw = b"_.txt"
        extra = (
            struct.pack("<HHBI", 0x7075, 5 + len("表.txt".encode()), 1, zlib.crc32(raw)) + "表.txt".encode()
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as container:
            entry = zipfile.ZipInfo("_.txt")
            entry.extra = extra
            container.writestr(entry, FORM)
        assert list(unpacked(out.getvalue())) == ["表.txt"]

    def test_of_an_old_tar_in_gbk(self) -> None:
        assert list(unpacked(tarred({"自评表.txt": FORM}, tarfile.GNU_FORMAT, "gbk"))) == ["自评表.txt"]

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("C:\\Windows\\a.docx", "Windows/a.docx"),
            ("a\\b.docx", "a/b.docx"),
            ("./a//b.docx", "a/b.docx"),
            ("a\x00\x1b[31m\u202excod.b", "a\ufffd\ufffd[31m\ufffdxcod.b"),
            ("..", "_"),
            (" .. /a.docx", "a.docx"),
            # what begins with a point counts as hidden, and is not read
            ("甲/ .txt", "甲/_.txt"),
            ("C:.txt", "_.txt"),
            ("甲/.txt", "甲/.txt"),
        ],
    )
    def test_lead_nowhere(self, name: str, shown: str) -> None:
        assert tame(name) == shown

    def test_that_are_there_twice_are_told_apart(self) -> None:
        with pytest.warns(UserWarning, match="Duplicate"):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as container:
                container.writestr("a.txt", b"1")
                container.writestr("a.txt", b"2")
                container.writestr("../a.txt", b"3")
        assert unpacked(out.getvalue()) == {"a.txt": b"1", "a.txt~2": b"2", "a.txt~3": b"3"}


class TestHarm:
    def test_a_bomb_is_not_unpacked(self) -> None:
        assert "压缩比" in refused(zipped({"a.txt": bytes(200 * 1024**2)}))
        assert "压缩比" in refused(gzip.compress(bytes(200 * 1024**2)))
        assert "压缩比" in refused(bz2.compress(bytes(200 * 1024**2)))

    def test_members_that_share_their_bytes_are_refused(self) -> None:
        data = bytearray(zipped({f"{number:03}.txt": os.urandom(1000) for number in range(50)}))
        first = data.index(b"PK\x01\x02")
        at = first
        while data[at : at + 4] == b"PK\x01\x02":
            struct.pack_into("<I", data, at + 20, 40_000)  # the size packed
            at += 46 + 7
        assert "压缩比" in refused(bytes(data))

    @pytest.mark.parametrize("size", [10, 10**6])
    def test_a_member_that_lies_about_its_size_is_broken(self, size: int) -> None:
        data = bytearray(zipped({"a.txt": FORM}))
        struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
        assert "损坏" in refused(bytes(data))

    def test_more_members_than_are_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
        for pack in (zipped, tarred):
            assert "过多" in refused(pack({f"{number}.txt": b"" for number in range(4)}))

    def test_links_are_counted_and_not_followed(self) -> None:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as container:
            for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
                about = tarfile.TarInfo("link" + kind.decode())
                about.type, about.linkname = kind, "/etc/passwd"
                container.addfile(about)
            about = tarfile.TarInfo("circle")
            about.type, about.linkname = tarfile.SYMTYPE, "circle"
            container.addfile(about)
        archive = opened(out.getvalue() + bytes(1024))
        assert archive.members == {}
        assert "5 个链接" in archive.notes[0].zh

    def test_a_link_in_a_zip_is_not_followed(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as container:
            entry = zipfile.ZipInfo("link")
            entry.external_attr = 0o120777 << 16
            container.writestr(entry, "/etc/passwd")
        archive = opened(out.getvalue())
        assert archive.members == {} and len(archive.notes) == 1

    def test_a_dictionary_of_gigabytes_is_not_made(self) -> None:
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
        data = bytearray(lzma.compress(b"x" * 1000, filters=filters))
        at = data.index(b"\x21\x01", 12)
        data[at + 2] = 37  # 1.5 GB
        header = 12
        length = (data[header] + 1) * 4
        struct.pack_into("<I", data, header + length - 4, zlib.crc32(data[header : header + length - 4]))
        assert "损坏" in refused(bytes(data))

    def test_a_locked_member_is_refused_alone(self) -> None:
        data = bytearray(zipped({"a.txt": FORM, "b.txt": FORM}))
        first = data.index(b"PK\x01\x02")
        data[first + 8] |= 1
        archive = opened(bytes(data))
        locked, free = archive.members.values()
        with pytest.raises(ReadError, match="password"):
            archive.read(locked)
        assert archive.read(free) == FORM

    @pytest.mark.parametrize("ending", PACKED)
    def test_a_damaged_archive_is_read_or_refused(self, ending: str) -> None:
        data = PACKED[ending]({"自评表.txt": FORM, "a.bin": os.urandom(300)})
        known = find_format(data)
        for broken in damaged(data, 1, 100):
            try:
                archive = known.open(lambda broken=broken: io.BytesIO(broken), "a")
                for member in archive.members.values():
                    archive.read(member)
            except ReadError:
                pass


@pytest.fixture
def parcel(tmp_path: Path) -> Path:
    """An archive with two forms, one of them in an archive of its own, and what is not handed in."""
    path = tmp_path / "a.zip"
    inner = zipped({"乙.txt": FORM.replace("乡村".encode(), "城市".encode())})
    path.write_bytes(
        zipped({
            "甲.txt": FORM,
            "内.zip": inner,
            "坏.docx": b"PK\x03\x04",
            "照片.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
            "__MACOSX/._甲.txt": b"x",
            "~$甲.docx": b"x",
            ".DS_Store": b"x",
            "sub/Thumbs.db": b"x",
        })
    )  # fmt: skip
    return path


class TestRun:
    @pytest.mark.parametrize("jobs", [1, 2])
    def test_members_are_sources_of_their_own_behind_their_archive(self, parcel: Path, jobs: int) -> None:
        (parcel.parent / "b.txt").write_bytes(FORM)
        found = zpb.run(parcel.parent, jobs=jobs)
        rows = [
            (str(row["source"]).removeprefix(str(parcel)), row["status"], row["forms"])
            for row in found.sources
        ]
        assert rows == [
            ("", "ok", 0),
            ("!/甲.txt", "ok", 1),
            ("!/内.zip", "ok", 0),
            ("!/内.zip!/乙.txt", "ok", 1),
            ("!/坏.docx", "failed", 0),
            ("!/照片.jpg", "failed", 0),
            (str(parcel.parent / "b.txt"), "ok", 1),
        ]
        assert all(len(str(row["sha256"])) == 64 and row["bytes"] is not None for row in found.sources)
        assert {str(form["source"]) for form in found.forms} >= {f"{parcel}!/内.zip!/乙.txt"}

    def test_progress_counts_the_members(self, parcel: Path) -> None:
        steps: list[Progress] = []
        zpb.run(parcel, progress=steps.append)
        assert [(step.read, step.files) for step in steps if not step.written][-1] == (6, 6)

    def test_a_broken_archive_is_a_failed_source(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_bytes(zipped({"甲.txt": FORM})[:100])
        (row,) = zpb.run(tmp_path).sources
        assert row["status"] == "failed" and "损坏" in str(row["error"])

    def test_an_archive_without_files_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_bytes(zipped({".DS_Store": b"x"}))
        (row,) = zpb.run(tmp_path).sources
        assert row["status"] == "no_form" and "没有可读取的文件" in str(row["error"])

    def test_archives_are_opened_to_a_depth(self, tmp_path: Path) -> None:
        data = FORM
        for level in range(MAX_DEPTH + 1):
            data = zipped({f"{level}.zip" if level else "甲.txt": data})
        (tmp_path / "a.zip").write_bytes(data)
        *others, last = zpb.run(tmp_path).sources
        assert [row["status"] for row in others] == ["ok"] * MAX_DEPTH
        assert last["status"] == "failed" and "嵌套" in str(last["error"])

    def test_archives_in_an_archive_have_a_bound_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(unpacking, "MAX_MEMBERS", 6)
        inner = zipped({f"{number}.txt": FORM for number in range(3)})
        (tmp_path / "a.zip").write_bytes(zipped({"1.zip": inner, "2.zip": inner, "c.txt": FORM}))
        rows = [(str(row["source"])[-5:], row["status"]) for row in zpb.run(tmp_path).sources]
        assert [row for row in rows if row[1] == "failed"] == [("2.zip", "failed")]
        assert len(rows) == 7 and rows[-1] == ("c.txt", "ok")

    def test_a_member_that_never_came_back_costs_only_itself(
        self, parcel: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(data: bytes, source: str) -> None:
            raise MemoryError

        monkeypatch.setattr("extract.text.read.read_text", slow)
        rows = {str(row["source"])[-5:]: row["status"] for row in zpb.run(parcel).sources}
        assert rows["甲.txt"] == "failed" and rows["a.zip"] == "ok"

    def test_nothing_is_left_open(self, parcel: Path) -> None:
        zpb.run(parcel)
        assert members._opened.cache_info().currsize == 0


class TestPaths:
    def test_lead_into_archives(self, parcel: Path) -> None:
        assert load(f"{parcel}!/甲.txt") == FORM
        assert len(zpb.records(f"{parcel}!/内.zip!/乙.txt")) == 1
        members.forget_archives()

    def test_of_real_files_come_first(self, tmp_path: Path) -> None:
        folder = tmp_path / "a.zip!"
        folder.mkdir()
        (folder / "b.txt").write_bytes(b"real")
        assert load(folder / "b.txt") == b"real"

    def test_may_have_the_mark_in_a_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_bytes(zipped({"x!/y.txt": b"1"}))
        assert load_member(f"{tmp_path}/a.zip!/x!/y.txt") == b"1"
        members.forget_archives()

    @pytest.mark.parametrize("path", ["a.zip!/none", "a.zip!/甲.txt!/x", "none.zip!/x", "b.txt!/x"])
    def test_that_lead_nowhere_are_said(self, parcel: Path, path: str) -> None:
        (parcel.parent / "b.txt").write_bytes(FORM)
        with pytest.raises(ReadError):
            load(parcel.parent / path)
        members.forget_archives()

    def test_of_an_archive_itself_are_refused_with_advice(self, parcel: Path) -> None:
        with pytest.raises(ReadError, match="!/"):
            zpb.read(parcel)

    def test_of_a_changed_archive_lead_to_the_new_one(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        for content in (b"1", b"22"):
            path.write_bytes(zipped({"a.txt": content}))
            assert load_member(f"{path}!/a.txt") == content
        members.forget_archives()

    def test_an_archive_larger_than_any_file_is_still_opened(
        self, parcel: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(members, "MAX_FILE_BYTES", 200)
        assert "甲.txt" in open_archive(str(parcel)).members
        (parcel.parent / "b.txt").write_bytes(FORM)
        with pytest.raises(ReadError, match="MB"):
            members.load_input(str(parcel.parent / "b.txt")).format()
        members.forget_archives()


def test_without_bsdtar_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bsdtar, "find_bsdtar", lambda: "")
    assert "bsdtar" in refused(b"Rar!\x1a\x07\x01\x00")


@pytest.mark.skipif(not find_bsdtar(), reason="bsdtar is not installed (make system)")
class TestBsdtar:
    def pack(self, folder: Path, *options: str) -> bytes:
        (folder / "自评表.txt").write_bytes(FORM)
        (folder / "b.txt").write_bytes(b"1")
        out = folder / "a.7z"
        subprocess.run(
            [find_bsdtar(), "-c", "-f", str(out), "--format", "7zip", *options, "自评表.txt", "b.txt"],
            cwd=folder,
            check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        return out.read_bytes()

    def test_reads_7z(self, tmp_path: Path) -> None:
        assert unpacked(self.pack(tmp_path)) == {"自评表.txt": FORM, "b.txt": b"1"}

    def test_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        data = self.pack(tmp_path)
        empty = tmp_path / "empty"
        empty.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(empty))
        unpacked(data)
        assert list(empty.iterdir()) == []

    def test_stops_at_a_bomb(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "zeros").write_bytes(bytes(10**6))
        subprocess.run(
            [find_bsdtar(), "-c", "-f", "a.7z", "--format", "7zip", "zeros"], cwd=tmp_path, check=True
        )
        monkeypatch.setattr(archive, "SMALL_BYTES", 10**5)
        assert "压缩比" in refused((tmp_path / "a.7z").read_bytes())

    @pytest.mark.skipif(not shutil.which("7z"), reason="7z is not installed (make system)")
    def test_says_that_there_is_a_password(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(FORM)
        subprocess.run(
            ["7z", "a", "-psecret", "-mhe=on", "a.7z", "a.txt"], cwd=tmp_path, check=True, capture_output=True
        )
        assert "密码" in refused((tmp_path / "a.7z").read_bytes())

    def test_a_damaged_archive_is_refused(self, tmp_path: Path) -> None:
        data = self.pack(tmp_path)
        for broken in damaged(data, 1, 8):
            if broken.startswith(data[:6]):
                with contextlib.suppress(ReadError):
                    opened(broken)
