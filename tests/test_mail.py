"""An e-mail's text is a document and its attachments are sources of their own, under readable names."""

from __future__ import annotations

import io
import time
from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path

import pytest
from compound_builder import compound
from fuzzing import survives
from small_form import SMALL_FORM

import zipingbiao as zpb
from extract.archives.mail import MAX_NESTING, MAX_PARTS, open_mail, read_mail
from extract.archives.msg import open_msg, read_msg
from extract.document import Document, Grid, Line, ReadError
from extract.readers import find_format

FORM = SMALL_FORM.encode()


def attached(data: bytes) -> dict[str, bytes]:
    mail = open_mail(lambda: io.BytesIO(data), "mail.eml")
    return {name: mail.read(member) for name, member in mail.members.items()}


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Line)]


def part(headers: str, body: str = "YQ==") -> str:
    return f"--x\n{headers}\nContent-Transfer-Encoding: base64\n\n{body}\n"


def letter(*parts: str, subtype: str = "mixed") -> bytes:
    head = f'From: a@b.cn\nTo: c@d.cn\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="x"\n\n'
    return (head + "".join(parts) + "--x--\n").encode("gb18030")


def ordinary() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "甲 <a@b.cn>", "c@d.cn", "报送自评表"
    message.set_content("请查收附件。\n")
    message.add_attachment(FORM, maintype="application", subtype="octet-stream", filename="绩效自评表.txt")
    return message


def test_attachments_and_text_are_read() -> None:
    data = ordinary().as_bytes()
    assert find_format(data).name == "eml"
    assert attached(data) == {"绩效自评表.txt": FORM}
    assert lines(read_mail(data, "mail.eml")) == ["请查收附件。"]


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: application/msword; name=\"=?gb2312?B?19TGwLHt?=.doc\"",
        "Content-Disposition: attachment; filename=\"=?GBK?B?19TGwLHt?=.doc\"",
        "Content-Disposition: attachment; filename=\"=?utf-8?Q?=E8=87=AA=E8=AF=84?=\n =?utf-8?Q?=E8=A1=A8.doc?=\"",
        "Content-Disposition: attachment; filename*=gb2312''%D7%D4%C6%C0%B1%ED.doc",
        "Content-Disposition: attachment; filename*0*=utf-8''%E8%87%AA%E8%AF%84; filename*1*=%E8%A1%A8.doc",
        "Content-Disposition: attachment; filename=\"自评表.doc\"",
    ],
    ids=["B in the type", "B", "Q over two lines", "RFC 2231", "RFC 2231 in pieces", "bare GBK"],
)  # fmt: skip
def test_a_name_is_read_in_every_way_that_mail_programs_write_it(headers: str) -> None:
    assert attached(letter(part(headers))) == {"自评表.doc": b"a"}


def test_a_name_leads_nowhere() -> None:
    assert list(attached(letter(part('Content-Disposition: attachment; filename="../../etc/x.doc"')))) == [
        "etc/x.doc"
    ]


def test_text_in_gbk_is_read() -> None:
    body = b64encode("项目名称：道路".encode("gbk")).decode()
    assert lines(read_mail(letter(part("Content-Type: text/plain; charset=gb2312", body)), "m")) == [
        "项目名称：道路"
    ]


def test_a_form_in_the_text_is_a_table() -> None:
    page = "<table border=1><tr><td>项目名称</td><td>道路</td></tr><tr><td>得分</td><td>90</td></tr></table>"
    data = letter(
        part("Content-Type: text/plain; charset=utf-8", b64encode("见表".encode()).decode()),
        part("Content-Type: text/html; charset=utf-8", b64encode(page.encode()).decode()),
        subtype="alternative",
    )
    (grid,) = read_mail(data, "m").blocks
    assert isinstance(grid, Grid) and grid.rows[1][1].text == "90"


def test_pictures_of_the_text_are_no_attachments() -> None:
    logo = part('Content-Type: image/png; name="logo.png"\nContent-ID: <1>')
    scan = part('Content-Type: image/jpeg; name="scan.jpg"\nContent-Disposition: attachment')
    assert list(attached(letter(logo, scan))) == ["scan.jpg"]


def test_an_email_in_an_email_is_one_of_its_own(tmp_path: Path) -> None:
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "a@b.cn", "c@d.cn", "转发"
    outer.set_content("转发。")
    outer.add_attachment(ordinary())
    (tmp_path / "mail.eml").write_bytes(outer.as_bytes())
    rows = zpb.run(tmp_path).sources
    assert [(str(row["source"]).partition("!/")[2], row["status"]) for row in rows] == [
        ("", "ok"),
        ("mail.eml", "ok"),
        ("mail.eml!/绩效自评表.txt", "ok"),
    ]


def test_an_email_without_a_form_and_attachments_has_none(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.cn", "c@d.cn", "你好"
    message.set_content("你好。")
    (tmp_path / "mail.eml").write_bytes(message.as_bytes())
    (row,) = zpb.run(tmp_path).sources
    assert row["status"] == "no_form"


def test_damaged_base64_is_read_as_far_as_it_goes() -> None:
    headers = 'Content-Disposition: attachment; filename="a.txt"'
    assert attached(letter(part(headers, "YWJj\nZGVm!!")))["a.txt"] == b"abcdef"
    assert attached(letter(part(headers, "YWJjZ")))["a.txt"][:3] in (b"abc", b"")


@pytest.mark.parametrize(
    "data",
    [
        letter(*[part("Content-Type: text/plain")] * (MAX_PARTS + 1)),
        letter(*[part("Content-Type: text/plain")] * 100_000),
        ("From: a\nTo: b\nDate: c\n" + "Content-Type: multipart/mixed; boundary=x\n\n--x\n" * (MAX_NESTING + 1)).encode(),
    ],
    ids=["many", "10^5", "deep"],
)  # fmt: skip
def test_more_parts_than_are_read_are_refused_at_once(data: bytes) -> None:
    begun = time.perf_counter()
    with pytest.raises(ReadError, match="附件"):
        attached(data)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_email_is_read_or_refused(seed: int) -> None:
    survives(read_mail, ordinary().as_bytes(), seed)
    survives(read_mail, letter(part("Content-Disposition: attachment; filename*=gb2312''%D7%D4.doc")), seed)


class TestOutlook:
    MAIL = compound({
        "__properties_version1.0": bytes(32),
        "__substg1.0_1000001F": "请查收附件。".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "自评表.txt".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__substg1.0_37010102": FORM,
        "__attach_version1.0_#00000001/__substg1.0_3704001E": "旧名.doc".encode("gbk"),
        "__attach_version1.0_#00000001/__substg1.0_37010102": b"1",
    })  # fmt: skip

    def test_attachments_and_text_are_read(self) -> None:
        assert find_format(self.MAIL).name == "msg"
        mail = open_msg(lambda: io.BytesIO(self.MAIL), "mail.msg")
        read = {name: mail.read(member) for name, member in mail.members.items()}
        assert read == {"自评表.txt": FORM, "旧名.doc": b"1"}
        assert lines(read_msg(self.MAIL, "mail.msg")) == ["请查收附件。"]

    def test_a_run_reads_the_attachments(self, tmp_path: Path) -> None:
        (tmp_path / "mail.msg").write_bytes(self.MAIL)
        first, form, old = zpb.run(tmp_path).sources
        assert (first["status"], form["status"], form["forms"], old["status"]) == ("ok", "ok", 1, "no_form")

    @pytest.mark.parametrize("seed", range(3))
    def test_a_damaged_email_is_read_or_refused(self, seed: int) -> None:
        def read(data: bytes, source: str) -> Document:
            mail = open_msg(lambda: io.BytesIO(data), source)
            for member in mail.members.values():
                if member.refusal is None:
                    mail.read(member)
            return mail.document(source)

        assert survives(read, self.MAIL, seed) > 5
