/* Long tables: the plugin holds the rows, sorts and filters them; here is one page of them. */

import { element, fill, hintMore, setText } from "./dom.js";
import { count } from "./format.js";

const TYPING_MS = 250;

/* columns: {key, label, help, text, cell(td, row)}; the first is the row's head. `sortable`: its
   columns but those with `fixed` sort. */
export class Table {
  constructor(section, options) {
    Object.assign(this, { offset: 0, filter: "", sort: "", order: "", total: 0, rows: [] }, options);
    this.section = section;
    this.busy = false;
    this.again = false;
    this.visible = false;
    this.build();
    new IntersectionObserver((entries) => {
      this.visible = entries.at(-1).isIntersecting;
      if (this.visible)
        this.refresh();
    }, { rootMargin: "200px" }).observe(section);
  }

  build() {
    this.search = element("input");
    this.search.type = "search";
    this.search.maxLength = 60;
    this.search.placeholder = this.searchLabel;
    this.search.setAttribute("aria-label", this.searchLabel);
    this.search.addEventListener("input", () => this.typed());
    this.where = element("span", "where");
    this.where.setAttribute("role", "status");
    this.pages = element("div", "pages");
    this.buttons = [["first", "«", "First page"], ["previous", "‹", "Previous page"],
      ["next", "›", "Next page"], ["last", "»", "Last page"]].map(([what, sign, label]) => {
      const button = element("button", what, sign);
      button.type = "button";
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => this.turn(what));
      return button;
    });
    this.pages.append(...this.buttons);
    const tools = element("div", "tools");
    tools.append(this.search, this.where, this.pages);
    this.tools = tools;

    const table = element("table");
    this.head = element("tr");
    this.body = element("tbody");
    for (const column of this.columns)
      this.head.append(this.heading(column));
    const thead = element("thead");
    thead.append(this.head);
    table.append(thead, this.body);
    this.scroll = element("div", "scroll");
    this.scroll.tabIndex = 0;
    this.scroll.setAttribute("role", "region");
    this.scroll.setAttribute("aria-label", this.label);
    this.empty = element("p", "empty");
    this.scroll.append(table);
    hintMore(this.scroll);
    this.section.append(tools, this.scroll, this.empty);
    this.show();
  }

  heading(column) {
    const th = element("th", column.text ? "text" : "");
    th.scope = "col";
    if (column.help)
      th.title = column.help;
    if (!this.sortable || column.fixed) {
      th.textContent = column.label;
      return th;
    }
    const button = element("button", "", column.label);
    button.type = "button";
    button.addEventListener("click", () => this.sortBy(column));
    th.append(button);
    return th;
  }

  /* Figures: the greatest first, then the least, then as they stand. Texts the other way round. */
  sortBy(column) {
    const first = column.text ? "up" : "down";
    if (this.sort !== column.key)
      [this.sort, this.order] = [column.key, first];
    else if (this.order === first)
      this.order = first === "down" ? "up" : "down";
    else
      [this.sort, this.order] = ["", ""];
    this.offset = 0;
    this.refresh();
  }

  typed() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      this.filter = this.search.value;
      this.offset = 0;
      this.refresh();
    }, TYPING_MS);
  }

  lastOffset() {
    return Math.max(0, Math.floor((this.total - 1) / this.size) * this.size);
  }

  turn(what) {
    const to = { first: 0, previous: this.offset - this.size, next: this.offset + this.size, last: this.lastOffset() };
    this.offset = Math.min(Math.max(0, to[what]), this.lastOffset());
    this.refresh();
  }

  /* There are new figures: they are fetched when somebody can see them. */
  tick() {
    if (this.visible && !document.hidden)
      this.refresh();
  }

  /* One request at a time. */
  async refresh() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const query = new URLSearchParams({ offset: this.offset, limit: this.size, filter: this.filter });
      if (this.sort !== "") {
        query.set("sort", this.sort);
        query.set("order", this.order);
      }
      const response = await fetch(`/table/${this.path}?${query}`);
      if (!response.ok)
        throw new Error(await response.text());
      const { total, rows } = await response.json();
      this.failed = "";
      this.take(total, rows);
    } catch (error) {
      this.failed = error instanceof TypeError ? "" : error.message;
    } finally {
      this.busy = false;
    }
    this.show();
    if (this.again) {
      this.again = false;
      this.refresh();
    }
  }

  take(total, rows) {
    this.total = total;
    this.rows = rows;
    if (this.offset > this.lastOffset()) {
      this.offset = this.lastOffset();
      this.again = true;
    }
  }

  show() {
    const many = this.total > this.size;
    const first = this.rows.length === 0 ? 0 : this.offset + 1;
    const range = many ? `${count(first)}–${count(this.offset + this.rows.length)} of ` : "";
    setText(this.where, this.failed || `${range}${count(this.total)}`);
    this.tools.hidden = !many && this.filter === "" && !this.failed && this.total <= this.size / 5 &&
      document.activeElement !== this.search && this.search.value === "";
    this.pages.hidden = !many;
    const start = this.offset === 0;
    const end = this.offset >= this.lastOffset();
    this.buttons.forEach((button, i) => { button.disabled = i < 2 ? start : end; });
    this.columns.forEach((column, i) => {
      const sorted = this.sort === column.key && this.order !== "";
      if (sorted)
        this.head.children[i].setAttribute("aria-sort", this.order === "down" ? "descending" : "ascending");
      else
        this.head.children[i].removeAttribute("aria-sort");
    });
    setText(this.empty, this.filter === "" ? this.none : "Nothing matches the filter.");
    this.empty.hidden = this.rows.length > 0;
    this.scroll.hidden = this.rows.length === 0;
    fill(this.body, this.rows, () => newRow(this.columns), (tr, row) => {
      this.columns.forEach((column, i) => column.cell(tr.children[i], row));
    });
  }
}

export function newRow(columns) {
  const tr = element("tr");
  columns.forEach((column, i) => {
    const cell = element(i === 0 ? "th" : "td", column.long ? "text long" : column.text ? "text" : "");
    if (i === 0)
      cell.scope = "row";
    tr.append(cell);
  });
  return tr;
}

/* A column of a figure: the exact one stays with the cell. */
export function figure(key, label, format, more) {
  return {
    key, label, ...more,
    cell(td, row) {
      setText(td, format(row[key], row));
      td.dataset.value = row[key];
      if (more?.bad)
        td.classList.toggle("bad", row[key] > 0);
    },
  };
}

/* A table that is all there: its head is made once. */
export function fillTable(table, columns, rows) {
  if (table.tHead.rows.length === 0) {
    const tr = table.tHead.insertRow();
    for (const column of columns) {
      const th = element("th", column.text ? "text" : "", column.label);
      th.scope = "col";
      if (column.help)
        th.title = column.help;
      tr.append(th);
    }
  }
  fill(table.tBodies[0], rows, () => newRow(columns), (tr, row) => {
    columns.forEach((column, i) => column.cell(tr.children[i], row));
  });
}
