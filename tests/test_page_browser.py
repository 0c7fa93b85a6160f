"""The report in a browser: it says no error, fetches nothing, and its buttons do what they say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SAMPLES = Path(__file__).parents[1] / "samples"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e'
#: nothing that the browser does of its own accord
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of four forms, one of them with hostile names."""
    folder = tmp_path_factory.mktemp("report")
    hostile = SMALL_FORM.replace("乡村道路养护", HOSTILE).replace("养护里程", HOSTILE)
    (folder / "hostile.txt").write_text(hostile, encoding="utf-8")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 no archive")
    samples = [SAMPLES / name / "form.docx" for name in ("seed", "levels", "hubei")]
    zpb.run([*samples, folder], out=folder / "out", tables=("html",))
    return (folder / "out" / "report.html").as_uri()


class Watched:
    """A page with what went wrong in it, and all that it asked for."""

    def __init__(self, page: playwright.Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def watched(browser: playwright.Browser, report: str) -> Iterator[Watched]:
    one = Watched(browser.new_page(viewport={"width": 1280, "height": 900}))
    one.page.goto(report)
    yield one
    assert one.said == []
    assert [url.partition("#")[0] for url in one.asked] == [report]
    one.page.close()


@pytest.fixture
def page(watched: Watched) -> playwright.Page:
    return watched.page


def shown(page: playwright.Page, what: str = "#list tbody tr") -> int:
    return page.locator(f"{what}:visible").count()


def test_hostile_names_are_text_and_nothing_else(page: playwright.Page) -> None:
    assert page.locator("article img, article script, #list img, #list script").count() == 0
    names = page.locator("article td[data-en='project name']")
    # not the text as seen: a browser leaves out what is far below the screen
    assert [name for name in names.all_text_contents() if "script" in name] == [HOSTILE]


def test_the_search_leaves_what_has_all_words(page: playwright.Page) -> None:
    before = shown(page)
    page.locator("form[data-table=list] input").fill("云岫市政协 score01")
    playwright.expect(page.locator("form[data-table=list] output")).to_have_text(f"1 / {before}")
    assert shown(page) == 1
    page.locator("form[data-table=list] button[type=reset]").click()
    playwright.expect(page.locator("form[data-table=list] output")).to_have_text(f"{before} / {before}")


def test_the_choices_leave_what_has_all_of_them(page: playwright.Page) -> None:
    severity, code, unit = page.locator("form[data-table=list] select").all()
    severity.select_option(label="错误")
    unit.select_option(label="云岫市政协")
    playwright.expect(page.locator("form[data-table=list] output")).to_have_text(
        f"2 / {page.locator('#list tbody tr').count()}"
    )
    code.select_option(label="SCORE01 总分不等于得分之和")
    playwright.expect(page.locator("#list tbody tr:visible")).to_have_count(1)
    assert "100" in page.locator("#list tbody tr:visible").inner_text()


def test_a_column_is_sorted_up_and_down(page: playwright.Page) -> None:
    heads = page.locator("#entries thead th")
    button = heads.nth(4).locator("button")

    def totals() -> list[str]:
        return page.locator("#entries tbody tr td:nth-child(5)").all_inner_texts()

    button.focus()
    page.keyboard.press("Enter")
    rising = totals()
    assert heads.nth(4).get_attribute("aria-sort") == "ascending"
    filled = [float(total) for total in rising if total]
    assert filled == sorted(filled) and len(set(filled)) > 1
    button.click()
    assert heads.nth(4).get_attribute("aria-sort") == "descending"
    assert [float(total) for total in totals() if total] == filled[::-1]
    # what is blank stays last
    assert totals()[len(filled) :] == [""] * (len(rising) - len(filled))


def test_the_language_changes_all_but_what_the_files_say(page: playwright.Page) -> None:
    heading = page.locator("#findings h2")
    assert heading.inner_text() == "疑点"
    message = page.locator("#list tbody tr td:nth-child(7)").first.inner_text()
    page.locator("#en").click()
    assert heading.inner_text() == "Findings" and page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#list tbody tr td:nth-child(7)").first.inner_text() == message
    assert page.locator("form[data-table=list] select").first.inner_text().split("\n")[:2] == ["all", "error"]
    assert page.title() == "Self-evaluation forms: what was found"
    page.locator("#zh").click()
    assert heading.inner_text() == "疑点"


def test_the_names_of_fields_can_be_hidden(page: playwright.Page) -> None:
    name = "getComputedStyle(document.querySelector(\"td[data-en='project name']\"), '::after').content"
    assert page.evaluate(name) == '"项目名称"'
    page.locator("#captions").click()
    assert page.evaluate(name) == "none"
    assert page.locator("#captions").get_attribute("aria-pressed") == "false"


def test_a_link_leads_to_the_cell_and_back_to_a_row_that_a_filter_hid(page: playwright.Page) -> None:
    row = page.locator("#list tbody tr").first
    row.locator("td:nth-child(8) a").first.click()
    cell = page.locator("td:target")
    playwright.expect(cell).to_be_in_viewport()
    page.locator("form[data-table=list] input").fill("无此内容")
    playwright.expect(row).to_be_hidden()
    number = row.get_attribute("id")
    page.locator(f"a[href='#{number}']").first.click()
    playwright.expect(row).to_be_visible()
    playwright.expect(row).to_be_in_viewport()


def test_of_a_long_list_more_is_shown_when_asked_and_all_on_paper(
    browser: playwright.Browser, tmp_path: Path
) -> None:
    """A browser takes seconds to lay out thousands of rows."""
    for number in range(70):
        form = SMALL_FORM.replace("乡村道路养护", f"养护{number:02}")
        (tmp_path / f"{number:02}.txt").write_text(form, encoding="utf-8")
    run = zpb.run(tmp_path, out=tmp_path / "out", tables=("html",))
    assert len(run.findings) > 200
    page = browser.new_page()
    page.goto((tmp_path / "out" / "report.html").as_uri())
    assert shown(page) == 200
    page.locator("[data-more=list]").click()
    assert shown(page) == min(len(run.findings), 400)
    last = page.locator("#list tbody tr").last
    page.locator("form[data-table=list] input").fill("养护69")
    playwright.expect(page.locator("#list tbody tr:visible").first).to_contain_text("养护69")
    page.locator("form[data-table=list] button[type=reset]").click()
    playwright.expect(page.locator("#list tbody tr:visible")).to_have_count(200)
    page.goto(f"{page.url}#{last.get_attribute('id')}")
    playwright.expect(last).to_be_in_viewport()
    page.reload()
    playwright.expect(last).to_be_in_viewport()
    page.goto(page.url.partition("#")[0])
    page.reload()
    assert shown(page) == 200
    page.pdf(path=tmp_path / "report.pdf")
    printed = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = "".join("".join(sheet.get_textpage().get_text_bounded().split()) for sheet in printed)
    # in the list and with each form; the one at the cell is closed
    assert text.count("总分填报100分") == 2 * 70
    assert shown(page) == 200
    page.close()


def test_on_a_telephone_nothing_is_wider_than_the_screen(page: playwright.Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_telephone_a_number_stays_in_one_line(page: playwright.Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    broken = """() => [...document.querySelectorAll("#figures td.number, #entries td.number")].filter((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return new Set([...text.getClientRects()].map((box) => box.top)).size > 1;
    }).map((cell) => cell.textContent)"""
    assert page.locator("#entries td.number").count() > 10
    assert page.evaluate(broken) == []


def test_by_keyboard_each_control_is_reached_in_order_and_seen(page: playwright.Page) -> None:
    focused = """() => {
      const one = document.activeElement, look = getComputedStyle(one), box = one.getBoundingClientRect();
      const seen = look.outlineStyle === "solid" && parseFloat(look.outlineWidth) >= 2 && box.top >= 0;
      return [one.tagName, one.id || (one.getAttribute("href") || ""), seen && box.top < innerHeight ? "seen" : `${look.outline} ${box.top} ${box.bottom}`];
    }"""
    reached = []
    for _ in range(24):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
    assert [one for one in reached if one[-1] != "seen"] == []
    assert [name for _, name, _ in reached[:8]] == [
        *("#main", "#figures", "#findings", "#unread", "#index"), *("captions", "zh", "en"),
    ]  # fmt: skip
    assert [tag for tag, _, _ in reached[8:13]] == ["INPUT", "SELECT", "SELECT", "SELECT", "BUTTON"]
    # back up past the bar that stays at the top: nothing that has the focus is hidden under it
    page.locator("#entries tbody a").last.focus()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= page.evaluate(
            "document.querySelector('.bar').getBoundingClientRect().bottom"
        )


def test_without_scripts_lists_and_forms_are_there(browser: playwright.Browser, report: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(report)
    assert shown(page) > 5 and shown(page, "article") == 4
    assert page.locator(".tools:visible, .controls:visible").count() == 0
    page.close()


def test_texts_stand_out_from_their_ground(page: playwright.Page) -> None:
    """At least 4.5 to 1, by WCAG's formula, wherever there is text in the page."""
    for lang in ("zh", "en"):
        page.locator(f"#{lang}").click()
        assert page.evaluate(CONTRAST) == []


CONTRAST = r"""
() => {
  const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const rgb = parse(getComputedStyle(one).backgroundColor);
      if (rgb.length === 3 || rgb[3] === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || ["SCRIPT", "OPTION", "svg"].includes(element.tagName)) continue;
    for (const [pseudo, text] of [[null, [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())],
                                  ["::after", getComputedStyle(element, "::after").content !== "none"]]) {
      if (!text) continue;
      const [a, b] = [light(parse(getComputedStyle(element, pseudo).color)), light(ground(element))].sort((x, y) => y - x);
      if ((a + 0.05) / (b + 0.05) < 4.5) poor.add(`${element.tagName}.${element.className}${pseudo || ""}`);
    }
  }
  return [...poor];
}
"""
