"use strict";
// Search, filters, sorting and the language; without any of it the page still says everything.
(function () {
  const root = document.documentElement;
  root.classList.add("scripted");

  // what a cell is called in a language, and what it is sorted by
  const called = (cell) => cell.dataset[root.lang] || cell.textContent.trim();
  const keyOf = (cell) => (cell.dataset.key === undefined ? cell.textContent.trim() : cell.dataset.key);
  const collator = new Intl.Collator("zh-CN", { numeric: true });

  function byNumber(one, other) {
    const a = parseFloat(one), b = parseFloat(other);
    if (isNaN(a) || isNaN(b)) return isNaN(a) - isNaN(b) || collator.compare(one, other);
    return a - b;
  }

  // rows that are shown at once: to lay out thousands takes seconds
  const STEP = 200;

  class List {
    constructor(form) {
      this.form = form;
      this.table = document.getElementById(form.dataset.table);
      this.body = this.table.tBodies[0];
      this.rows = Array.from(this.body.rows);
      this.texts = new Map();
      this.search = form.querySelector("input");
      this.choices = Array.from(form.querySelectorAll("select"));
      this.choices.forEach((choice) => this.fill(choice));
      this.more = document.querySelector(`[data-more=${this.table.id}]`);
      this.more.addEventListener("click", () => { this.most += STEP; this.filter(); });
      this.most = STEP;
      const soon = () => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.showFirst(), 120);
      };
      form.addEventListener("input", soon);
      form.addEventListener("reset", soon);
      form.addEventListener("submit", (event) => event.preventDefault());
      for (const button of this.table.tHead.querySelectorAll("button")) {
        button.addEventListener("click", () => this.sort(button.closest("th")));
      }
      this.filter();
    }

    // the values of a column, as choices; called again when the language changes
    fill(choice) {
      const col = Number(choice.dataset.col), names = new Map();
      for (const row of this.rows) {
        const cell = row.cells[col], key = keyOf(cell);
        if (!names.has(key)) names.set(key, cell.dataset.key === "" ? cell.firstElementChild.innerText : key);
        if (cell.dataset.zh) names.set(key, called(cell));
      }
      const chosen = choice.selectedIndex > 0 ? choice.value : null;
      choice.replaceChildren(new Option(choice.dataset[root.lang], ""));
      for (const [key, name] of Array.from(names).sort((a, b) => collator.compare(a[0], b[0]))) {
        // a blank key is a value as well: the empty choice means all
        const option = new Option(name, "=" + key);
        option.selected = option.value === chosen;
        choice.add(option);
      }
    }

    textOf(row) {
      if (!this.texts.has(row)) this.texts.set(row, row.textContent.toLowerCase());
      return this.texts.get(row);
    }

    filter() {
      const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = this.choices.filter((choice) => choice.value)
        .map((choice) => [Number(choice.dataset.col), choice.value.slice(1)]);
      let found = 0;
      for (const row of this.rows) {
        const fits = chosen.every(([col, key]) => keyOf(row.cells[col]) === key)
          && words.every((word) => this.textOf(row).includes(word));
        found += fits;
        row.hidden = !fits || found > this.most;
      }
      this.more.hidden = found <= this.most;
      this.form.querySelector("output").value = found + " / " + this.rows.length;
    }

    showFirst() {
      this.most = STEP;
      this.filter();
    }

    showAll() {
      clearTimeout(this.waiting);
      this.most = Infinity;
      this.filter();
    }

    sort(head) {
      const col = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
      const compare = head.dataset.sort === "number" ? byNumber : collator.compare;
      const keyed = this.rows.map((row) => [keyOf(row.cells[col]), row]);
      keyed.sort((a, b) => (a[0] === "") - (b[0] === "") || (down ? -1 : 1) * compare(a[0], b[0]));
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      this.rows = keyed.map((pair) => pair[1]);
      this.filter();
      const all = document.createDocumentFragment();
      for (const row of this.rows) all.appendChild(row);
      this.body.appendChild(all);
    }
  }

  const lists = Array.from(document.querySelectorAll("form.controls"), (form) => new List(form));

  function speak(lang) {
    root.lang = lang;
    for (const one of ["zh", "en"]) document.getElementById(one).setAttribute("aria-pressed", String(one === lang));
    for (const list of lists) list.choices.forEach((choice) => list.fill(choice));
    for (const element of document.querySelectorAll("title[data-zh]")) element.textContent = element.dataset[lang];
  }
  for (const one of ["zh", "en"]) document.getElementById(one).addEventListener("click", () => speak(one));

  const captions = document.getElementById("captions");
  captions.addEventListener("click", () => {
    captions.setAttribute("aria-pressed", String(!root.classList.toggle("plain")));
  });

  // a link into a list must not end at a row that a filter hides
  function reveal() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row || !row.hidden) return;
    for (const list of lists) if (list.body.contains(row)) { list.form.reset(); list.showAll(); }
    row.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  // on paper there is no button for more
  addEventListener("beforeprint", () => lists.forEach((list) => list.showAll()));
  addEventListener("afterprint", () => lists.forEach((list) => list.showFirst()));
  reveal();
})();
