// The list of the pad as an ARIA grid. One group a product; the lots of the product that is open unfold under
// it. A digit touches the open cell and the check of its row, never the list.

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
}

function role(element, name) {
  element.setAttribute("role", name);
  return element;
}

class PadList {
  constructor(place, model, { tap, answer, discard }) {
    Object.assign(this, { place, model, tap, answer, discard });
    this.groups = new Map(); // row id → element
    this.cursor = null;
    role(place, "grid");
    place.tabIndex = 0;
    place.onclick = (event) => {
      const line = event.target.closest(".line");
      if (!line) return;
      const field = event.target.closest("[data-field]")?.dataset.field;
      this.tap({ row: line.dataset.row, lot: line.dataset.lot || null, field, summed: line.matches(".summed") });
    };
  }

  // ── the whole list ──────────────────────────────────────────────────────────────────────────────────────

  draw() {
    const { model, place } = this;
    const { rows, label } = model.data;
    place.setAttribute("aria-label", label);
    place.setAttribute("aria-rowcount", rows.length + 1);
    place.setAttribute("aria-colcount", model.fields.length + 2);
    place.style.setProperty("--fields", model.fields.length);
    const same = rows.length === this.groups.size && rows.every((row) => this.groups.has(row.id));
    if (!same || this.shape !== this.shapeNow()) this.build(rows);
    const shown = new Set(model.shownRows());
    for (const row of rows) {
      this.groups.get(row.id).hidden = !shown.has(row);
      this.fill(row.id);
    }
    this.nothing.hidden = shown.size > 0;
    this.nothing.textContent = model.texts.nothing_found;
  }

  // What cannot be mended by filling in: the columns, and the order of the rows.
  shapeNow() {
    const { fields, data, texts } = this.model;
    return JSON.stringify([fields.map((field) => [field.id, field.label]), texts, data.rows.map((row) => row.id)]);
  }

  build(rows) {
    const { fields, texts } = this.model;
    const head = role(make("div", "head"), "row");
    head.setAttribute("aria-rowindex", 1);
    head.append(role(make("span", "", " "), "columnheader"));
    for (const field of fields) head.append(role(make("span", "", field.label), "columnheader"));
    head.append(role(make("span", "", texts.check), "columnheader"));
    this.nothing = make("p", "nothing");
    this.groups = new Map(rows.map((row, index) => [row.id, this.group(row, index)]));
    this.place.replaceChildren(head, ...this.groups.values(), this.nothing);
    this.shape = this.shapeNow();
  }

  group(row, index) {
    const group = role(make("div", "product"), "rowgroup");
    group.append(this.line(row, null, index));
    return group;
  }

  line(row, lot, index) {
    const line = role(make("div", "line"), "row");
    if (index !== undefined) line.setAttribute("aria-rowindex", index + 2);
    line.dataset.row = row.id;
    line.dataset.lot = lot ?? "";
    const name = role(make("div", "name"), "rowheader");
    name.append(make("b", ""), make("span", ""));
    line.append(name);
    for (const field of this.model.fields) {
      const cell = role(make("div", "cell"), "gridcell");
      cell.dataset.field = field.id;
      line.append(cell);
    }
    line.append(role(make("div", "check"), "gridcell"));
    return line;
  }

  // ── one product ─────────────────────────────────────────────────────────────────────────────────────────

  fill(rowId) {
    const { model } = this;
    const row = model.rows.get(rowId);
    const group = this.groups.get(rowId);
    if (!row || !group) return;
    const here = this.cursor?.row === rowId;
    const line = group.querySelector(".line:not(.lot)");
    line.classList.toggle("here", here && !row.keeps_lots);
    line.classList.toggle("summed", row.keeps_lots);
    this.fillName(line, row, here);
    for (const field of model.fields) {
      const value = row.keeps_lots ? model.sum(row, field.id) : model.seen(row, null, field.id).value;
      this.fillCell(line, field, value);
    }
    this.fillCheck(line, row, here);
    this.fillLots(group, row, here);
    this.fillNotices(group, line, row);
  }

  fillName(line, row, here) {
    const [name, second] = line.firstElementChild.children;
    const blind = this.model.data.blind && (here || !this.model.hasValues(row));
    if (name.textContent !== row.name) name.textContent = row.name;
    const text = blind ? "" : row.second;
    if (second.textContent !== text) second.textContent = text;
  }

  fillCell(line, field, value) {
    const cell = line.querySelector(`[data-field="${field.id}"]`);
    if (cell.id === "open") return;
    const unit = field.short ? ` ${field.short}` : "";
    const text = value == null ? "—" : shownNumber(value, field) + unit;
    if (cell.textContent !== text) cell.textContent = text;
    cell.classList.toggle("none", value == null);
  }

  fillCheck(line, row, here) {
    const check = line.lastElementChild;
    const hidden = this.model.data.blind && here;
    const { text, tone, question = "", spoken } = hidden ? { text: "", tone: "quiet" } : this.model.check(row);
    check.className = `check ${tone}`;
    const lines = [question, text].filter(Boolean);
    if (check.textContent !== lines.join("")) check.replaceChildren(...lines.map((one) => make("span", "", one)));
    if (spoken) check.setAttribute("aria-label", spoken);
    else check.removeAttribute("aria-label");
  }

  fillLots(group, row, here) {
    const { model } = this;
    if (!row.keeps_lots || !here) {
      for (const line of group.querySelectorAll(".lot")) line.remove();
      return;
    }
    const lots = [...model.lots(row), { id: null, label: "" }];
    const there = [...group.querySelectorAll(".lot")];
    const isSame = there.length === lots.length && lots.every((lot, n) => there[n].dataset.lot === (lot.id ?? ""));
    if (!isSame) {
      for (const line of there) line.remove();
      group.append(...lots.map((lot) => this.lotLine(row, lot)));
    }
    for (const [index, line] of [...group.querySelectorAll(".lot")].entries()) {
      const lot = lots[index];
      line.classList.toggle("here", here && (this.cursor.lot ?? "") === line.dataset.lot);
      for (const field of model.fields) this.fillCell(line, field, model.seen(row, lot.id, field.id).value);
    }
  }

  lotLine(row, lot) {
    const { texts } = this.model;
    const line = this.line(row, lot.id);
    line.classList.add("lot");
    const name = line.firstElementChild;
    if (lot.id !== null) {
      name.replaceChildren(make("b", "", lot.label));
      return line;
    }
    const date = role(make("div", "cell none", texts.date), "gridcell");
    date.dataset.field = EXPIRY;
    name.replaceChildren(make("span", "", texts.new_lot), date);
    return line;
  }

  // ── conflicts and refusals stand above their row ────────────────────────────────────────────────────────

  fillNotices(group, line, row) {
    const conflicts = this.model.conflicts(row);
    const refusals = this.model.refusals(row);
    const now = JSON.stringify([conflicts, refusals.map(({ entry, refused }) => [entry.id, refused])]);
    if ((group.dataset.notices ?? "[[],[]]") === now) return;
    group.dataset.notices = now;
    for (const notice of group.querySelectorAll(".notice")) notice.remove();
    for (const conflict of conflicts) line.before(this.conflictNotice(conflict));
    for (const refusal of refusals) line.before(this.refusalNotice(refusal));
  }

  notice(tone, text, buttons) {
    const cell = role(make("div", "saying"), "gridcell");
    cell.append(make("span", "", text), ...buttons);
    const notice = role(make("div", `notice ${tone}`), "row");
    notice.append(cell);
    return notice;
  }

  button(text, act) {
    const button = make("button", "", text);
    button.type = "button";
    button.onclick = act;
    return button;
  }

  conflictNotice(conflict) {
    const { texts } = this.model;
    const field = this.model.field(conflict.field);
    const lot = conflict.lot ? ` ${monthOrCode(conflict.lot)}` : "";
    const shown = (value) => (value == null ? "—" : shownNumber(value, field));
    const side = (value, by) => this.button(filled(texts.keep, { value: shown(value), by }), () => this.answer(conflict, value));
    return this.notice("attention", filled(texts.conflict, { field: field.label + lot }), [
      side(conflict.value, conflict.by),
      side(conflict.proposed, conflict.proposed_by),
    ]);
  }

  refusalNotice({ entry, refused }) {
    const { texts } = this.model;
    const value = entry.value == null ? "—" : String(entry.value);
    return this.notice("wrong", filled(texts.not_accepted, { value, reason: refused }), [
      this.button(texts.discard, () => this.discard(entry.id)),
    ]);
  }

  // ── the open cell ───────────────────────────────────────────────────────────────────────────────────────

  openAt(cursor) {
    const { place, model } = this;
    const before = this.cursor;
    const closing = place.querySelector("#open");
    if (closing) {
      closing.removeAttribute("id");
      closing.textContent = closing.dataset.field === EXPIRY ? model.texts.date : "";
    }
    this.cursor = cursor;
    if (before) this.fill(before.row);
    if (!cursor) return;
    this.fill(cursor.row);
    const lot = CSS.escape(cursor.lot ?? "");
    const lines = [...this.groups.get(cursor.row).querySelectorAll(`.line[data-lot="${lot}"]`)];
    const cell = lines.at(-1).querySelector(`[data-field="${cursor.field}"]`);
    cell.id = "open";
    cell.replaceChildren(make("span", "typed"), make("i", "caret"));
    place.setAttribute("aria-activedescendant", "open");
    this.scrollTo(cell.closest(".line"));
  }

  type(text, selected) {
    const typed = this.place.querySelector("#open .typed");
    if (!typed) return;
    typed.textContent = text;
    typed.classList.toggle("selected", selected);
  }

  // Two products stay in sight above the open one.
  scrollTo(line) {
    const { place } = this;
    // Measured on the screen: a product is a containing block of its own, so that `offsetTop` knows only that.
    const frame = place.getBoundingClientRect();
    const { top, bottom, height } = line.getBoundingClientRect();
    const head = place.firstElementChild.offsetHeight;
    const above = top < frame.top + head;
    const below = bottom + height > frame.bottom;
    if (above || below) place.scrollTop += top - frame.top - head - 2 * height;
  }
}

const monthOrCode = (lot) => (/^\d{4}-\d\d$/.test(lot) ? monthShown(lot) : lot);
