"""Files named by an address are read as those on a disk are: folders, archives, what is new and what is known."""

from __future__ import annotations

import io
import logging
import os
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from extract import remote
from extract.document import ReadError
from zipingbiao.batch.inputs import find_files
from zipingbiao.columns import TABLES

fsspec = pytest.importorskip("fsspec", reason="pip install 'zipingbiao[s3]'")

ROOT = Path(__file__).parents[1]
FORM = ROOT / "samples/seed/form.docx"


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.fixture
def store() -> Iterator[Any]:
    """A store in memory, which only this process sees."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    remote.forget_remote()
    system.pipe(
        {
            "/forms/b.txt": SMALL_FORM.encode(),
            "/forms/a/seed.docx": FORM.read_bytes(),
            "/forms/a/~$seed.docx": b"a lock of Word",
            "/forms/.hidden/c.txt": SMALL_FORM.encode(),
            "/forms/d.zip": zipped(**{"e/f.txt": SMALL_FORM.replace("乡村", "县城").encode()}),
        }
    )
    yield system
    system.store.clear()
    remote.forget_remote()


def test_a_folder_is_listed_with_all_that_people_mean_to_hand_in(store: Any) -> None:
    assert list(find_files(["memory://forms"])) == [
        "memory://forms/a/seed.docx",
        "memory://forms/b.txt",
        "memory://forms/d.zip",
    ]
    assert list(find_files(["memory://forms/", "memory://forms/b.txt"]))[:1] == ["memory://forms/a/seed.docx"]
    assert list(find_files(["memory://forms/b.txt", "memory://forms/b.txt"])) == ["memory://forms/b.txt"]


def test_its_forms_are_those_of_a_folder_on_disk(store: Any, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/seed.docx", "b.txt", "d.zip"):
        (tmp_path / name).write_bytes(store.cat(f"/forms/{name}"))
    there, here = zpb.run("memory://forms"), zpb.run(tmp_path)
    assert [row["source"] for row in there.sources] == [
        "memory://forms/a/seed.docx",
        "memory://forms/b.txt",
        "memory://forms/d.zip",
        "memory://forms/d.zip!/e/f.txt",
    ]
    assert there.counts.statuses == {"ok": 4}
    assert [row["form_id"] for row in there.forms] == sorted(
        [str(row["form_id"]) for row in here.forms],
        key=[str(row["form_id"]) for row in there.forms].index,
    )
    assert {row["sha256"] for row in there.sources} == {row["sha256"] for row in here.sources}


def test_one_file_can_be_read_and_one_in_an_archive(store: Any) -> None:
    assert len(zpb.records("memory://forms/a/seed.docx")) == 1
    (record,) = zpb.records("memory://forms/d.zip!/e/f.txt")
    assert record.project_name == "县城道路养护"


def test_only_what_is_new_or_has_changed_is_fetched_again(store: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    zpb.run("memory://forms", out=out, tables=("csv",))
    again = zpb.run("memory://forms", out=out, tables=("csv",))
    assert (again.counts.files, again.counts.reused) == (4, 4)
    store.pipe("/forms/b.txt", SMALL_FORM.replace("250000.00", "260000.00").encode())
    store.pipe("/forms/g.txt", SMALL_FORM.encode())
    changed = zpb.run("memory://forms", out=out, tables=("csv",))
    assert (changed.counts.files, changed.counts.reused) == (5, 3)
    assert Decimal(26) in {row["budget_initial_wan"] for row in changed.rows["funds"]}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("memory://forms/none.txt", "文件不存在"),
        ("memory://forms/d.zip!/none.txt", "没有这个文件"),
        ("nonsense://forms/a.txt", "地址的类型未知"),
    ],
)
def test_what_cannot_be_read_says_so_in_its_row(store: Any, address: str, said: str) -> None:
    (source,) = zpb.run(address).sources
    assert source["status"] == "failed"
    assert said in str(source["error"])


def test_a_missing_package_is_named(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: str) -> None:
        raise ImportError("Install ossfs")

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    (source,) = zpb.run("oss://forms/a.docx").sources
    assert 'pip install "zipingbiao[oss]"' in str(source["error"])


def test_a_file_beyond_the_bound_is_not_fetched(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.MAX_FILE_BYTES", 10)
    monkeypatch.setattr("extract.archives.members.MAX_FILE_BYTES", 10)

    def fetch(*_: object) -> bytes:
        raise AssertionError("it was fetched")

    monkeypatch.setattr("extract.readers.load_remote", fetch)
    with pytest.raises(zpb.ReadError) as refused:
        zpb.read("memory://forms/b.txt")
    assert "超过" in refused.value.message.zh


def test_an_address_in_a_document_or_an_archive_is_never_followed(store: Any, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(**{"memory://forms/b.txt": b""}))
    sources = zpb.run(tmp_path / "a.zip").sources
    assert all("form" not in row or not row["forms"] for row in sources)
    assert {row["status"] for row in sources} <= {"ok", "failed", "partial", "no_form"}
    assert sum(int(str(row["forms"])) for row in sources) == 0


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = pytest.importorskip("moto.server", reason="pip install 'moto[server]'")
    pytest.importorskip("s3fs", reason="pip install 'zipingbiao[s3]'")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    before = dict(os.environ)
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    remote.forget_remote()
    system = fsspec.filesystem("s3", skip_instance_cache=True)
    system.mkdir("offices")
    for number in range(40):
        text = SMALL_FORM.replace("乡村", f"{number}村")
        system.pipe(f"offices/2023/{number:02}.txt", text.encode())
    system.pipe("offices/2023/z.zip", zipped(**{"f.txt": SMALL_FORM.encode()}))
    yield "s3://offices/2023"
    os.environ.clear()
    os.environ.update(before)
    server.stop()


class TestObjectStore:
    """The same with a server that speaks the language of S3, and workers in processes of their own."""

    @pytest.mark.parametrize("engine", ["local", "dask"])
    def test_its_files_are_read(self, server: str, tmp_path: Path, engine: str) -> None:
        if engine == "dask":
            pytest.importorskip("distributed", reason="pip install 'zipingbiao[dask]'")
        done = zpb.run(server, out=tmp_path, tables=("csv",), jobs=2, engine=engine)
        assert done.counts.statuses == {"ok": 42}
        assert [row["source"] for row in done.sources][-2:] == [f"{server}/z.zip", f"{server}/z.zip!/f.txt"]
        assert len({row["project_name"] for row in done.forms}) == 41
        again = zpb.run(server, out=tmp_path, tables=("csv",), jobs=2, engine=engine)
        assert again.counts.reused == 42
        assert again.rows == done.rows

    def test_results_can_be_sent_there(
        self, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from typer.testing import CliRunner

        from zipingbiao.cli import app

        monkeypatch.setenv("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", str(tmp_path))
        asked = [
            "run",
            f"{server}/01.txt",
            f"{server}/02.txt",
            "--out",
            "s3://offices/results/",
            "--lang",
            "en",
        ]
        first = CliRunner().invoke(app, asked)
        assert first.exit_code == 0 and "s3://offices/results" in first.output
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        names = {name.rpartition("/")[2] for name in system.ls("offices/results")}
        assert {"forms.csv", "findings.csv", "zipingbiao.xlsx"} <= names
        assert "1村道路养护" in system.cat_file("offices/results/forms.csv").decode("utf-8-sig")
        # here stays what the next run need not read again, and no table
        assert [path.name for path in tmp_path.rglob("*.*") if path.is_file()] == ["memory.sqlite"]
        assert "2 known from an earlier run" in CliRunner().invoke(app, asked).output
        refused = CliRunner().invoke(app, [*asked[:3], "--out", "s3://elsewhere/results", "--lang", "en"])
        assert refused.exit_code == 2
        assert "cannot be sent to s3://elsewhere/results" in refused.output

    def test_a_file_takes_two_requests(self, server: str) -> None:
        """They are what a store makes its users pay for, and wait for."""
        asked: list[str] = []

        class Noting(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                asked.extend(re.findall(r"(?:HEAD|GET) /offices/2023/07\.txt", record.getMessage()))

        logger, handler = logging.getLogger("werkzeug"), Noting()
        logger.addHandler(handler)
        try:
            assert zpb.run(f"{server}/07.txt").counts.statuses == {"ok": 1}
        finally:
            logger.removeHandler(handler)
        assert asked == ["HEAD /offices/2023/07.txt", "GET /offices/2023/07.txt"]

    def test_a_bucket_that_is_not_there_is_one_row(self, server: str) -> None:
        (source,) = zpb.run("s3://elsewhere/2023").sources
        assert source["status"] == "failed" and "文件不存在" in str(source["error"])

    def test_parts_of_tables_are_sent_and_those_of_the_run_before_are_gone(
        self, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from pyarrow import dataset
        from typer.testing import CliRunner

        from zipingbiao.cli import app

        monkeypatch.setenv("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", str(tmp_path))
        out = "s3://offices/in parts"
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        system.pipe(
            "offices/in parts/zipingbiao.parquet/forms/year=1999/part-00000.parquet", b"of a larger run"
        )
        system.pipe("offices/in parts/notes.txt", b"somebody's own")
        asked = ["run", f"{server}/01.txt", f"{server}/02.txt", "--out", out, "--tables", "parquet-parts"]
        done = CliRunner().invoke(app, asked)
        assert done.exit_code == 0, done.output
        system.invalidate_cache()
        forms = dataset.dataset(
            "offices/in parts/zipingbiao.parquet/forms", filesystem=system, partitioning="hive"
        )
        names = forms.to_table(columns=["project_name"])["project_name"].to_pylist()
        assert names == ["1村道路养护", "2村道路养护"]
        assert len(system.find("offices/in parts")) == len(TABLES) + 1
        assert system.cat_file("offices/in parts/notes.txt") == b"somebody's own"
        assert not list(tmp_path.rglob("*.parquet"))


@pytest.fixture
def answering() -> Iterator[Any]:
    """A web server that answers with the status in a file's name."""
    pytest.importorskip("aiohttp", reason="pip install 'zipingbiao[http]'")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path.strip("/").partition(".")[0]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class TestRefusals:
    """What a store refuses is said so that its user knows what to mend."""

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("404.docx", "There is no such file"),
            ("403.docx", "It may not be read; check the account"),
            ("401.docx", "It may not be read; check the account"),
            ("503.docx", r"http:// cannot be reached \(HTTP 503\)"),
        ],
    )
    def test_a_web_server_that_refuses_is_not_one_without_the_file(
        self, answering: str, name: str, said: str
    ) -> None:
        with pytest.raises(zpb.ReadError, match=said):
            zpb.read(f"{answering}/{name}")

    def test_nor_is_one_that_cannot_be_reached(self) -> None:
        with pytest.raises(zpb.ReadError, match="http:// cannot be reached"):
            zpb.read("http://127.0.0.1:1/form.docx")

    @pytest.mark.parametrize(
        ("raised", "writes", "said"),
        [
            (FileNotFoundError(), False, "There is no such file"),
            (FileNotFoundError(), True, "There is no such bucket or folder"),
            (PermissionError(), False, "It may not be read"),
            (PermissionError(), True, "It may not be written"),
            (
                type("NoCredentialsError", (Exception,), {})("a secret"),
                False,
                "There is no account for s3://",
            ),
            (
                type("OtherError", (Exception,), {})("a secret"),
                True,
                r"s3:// cannot be reached \(OtherError\)",
            ),
            (ReadError("它自己的话。", "Its own words."), False, "Its own words"),
        ],
    )
    def test_errors_of_any_kind_are_one_sentence(self, raised: Exception, writes: bool, said: str) -> None:
        with pytest.raises(ReadError, match=said) as refused, remote._sentences("s3://a/b", writes):
            raise raised
        assert "secret" not in refused.value.message.en
