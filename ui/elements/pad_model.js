// What stands on the pad: rows and lots as the page gave them, with what this tablet knows better on top.
// No drawing in here.

const NOTHING = { value: null, version: null };
const EXPIRY = "expiry"; // the date of a new lot: typed like a field, never an entry by itself

class PadModel {
  constructor(queue) {
    this.queue = queue;
    this.newLots = new Map(); // row → months typed on this tablet
  }

  receive(data) {
    this.data = data;
    this.rows = new Map(data.rows.map((row) => [row.id, row]));
    this.fields = data.fields;
    for (const entry of this.queue.entriesOf(data.visit)) this.noteLot(entry);
  }

  // Leaving a product out of the count says nothing of its price, and the other way round.
  get skipField() {
    return this.data.skip_field;
  }

  get texts() {
    return this.data.texts;
  }

  field(id) {
    return this.fields.find((field) => field.id === id) ?? null;
  }

  cell(row, lot, field) {
    return { visit: this.data.visit, row, lot: lot ?? null, field };
  }

  // ── lots ────────────────────────────────────────────────────────────────────────────────────────────────

  noteLot({ row, lot }) {
    const known = this.rows.get(row);
    if (!known?.keeps_lots || lot == null || known.lots.some((one) => one.id === lot)) return;
    this.newLots.set(row, (this.newLots.get(row) ?? new Set()).add(lot));
  }

  lots(row) {
    const given = row.lots.map(({ id, label }) => ({ id, label }));
    const there = new Set(given.map((lot) => lot.id));
    const typed = [...(this.newLots.get(row.id) ?? [])].filter((id) => !there.has(id)).sort();
    return [...given, ...typed.map((id) => ({ id, label: monthShown(id) }))];
  }

  // ── values ──────────────────────────────────────────────────────────────────────────────────────────────

  given(row, lot, field) {
    if (field === this.skipField) return row.skipped ?? NOTHING;
    const values = lot == null ? row.values : row.lots.find((one) => one.id === lot)?.values;
    return values?.[field] ?? NOTHING;
  }

  seen(row, lot, field) {
    return this.queue.cells.shown(this.cell(row.id, lot, field), this.given(row, lot, field));
  }

  values(row, lot) {
    return Object.fromEntries(this.fields.map(({ id }) => [id, this.seen(row, lot, id).value]));
  }

  allLines(row) {
    return [this.values(row, null), ...this.lots(row).map((lot) => this.values(row, lot.id))];
  }

  // A product that keeps lots shows their sum in its own line.
  sum(row, field) {
    const values = this.allLines(row).map((line) => line[field]).filter((value) => value != null);
    return values.length ? values.reduce((total, value) => total + value, 0) : null;
  }

  skipped(row) {
    return this.seen(row, null, this.skipField).value === true;
  }

  hasValues(row) {
    return this.allLines(row).some((line) => Object.values(line).some((value) => value != null));
  }

  done(row) {
    return this.hasValues(row) || this.skipped(row);
  }

  doneCount() {
    return this.data.rows.filter((row) => this.done(row)).length;
  }

  check(row) {
    if (!this.hasValues(row) && this.skipped(row)) return { text: this.texts.skipped, tone: "quiet" };
    const { fields, texts } = this;
    const { tolerance } = this.data;
    return this.data.kind === "count"
      ? countCheck(row, this.allLines(row), { fields, texts, tolerance })
      : priceCheck(this.values(row, null), row.values, { fields, texts, tolerance });
  }

  // Every open conflict of a row, from the page or from a reply.
  conflicts(row) {
    const lots = [null, ...this.lots(row).map((lot) => lot.id)];
    const found = [];
    for (const lot of lots) {
      for (const { id } of this.fields) {
        const told = row.conflicts.find((one) => one.field === id && (one.lot ?? null) === lot);
        const conflict = this.queue.cells.conflict(this.cell(row.id, lot, id), told);
        if (conflict) found.push({ ...conflict, row: row.id, lot, field: id });
      }
    }
    return found;
  }

  refusals(row) {
    const lots = [null, ...this.lots(row).map((lot) => lot.id)];
    const cells = lots.flatMap((lot) => this.fields.map(({ id }) => this.cell(row.id, lot, id)));
    return [...cells, this.cell(row.id, null, this.skipField)].map((cell) => this.queue.refusal(cell)).filter(Boolean);
  }

  // ── where the cursor goes ───────────────────────────────────────────────────────────────────────────────

  // Search narrows what is shown, and nothing else: the order and the count stay.
  shownRows() {
    const words = plain(this.data.search).toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return this.data.rows;
    return this.data.rows.filter((row) => {
      const text = plain(`${row.id} ${row.name} ${row.second}`).toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  // Counting goes down the products, a field apart is one key; prices go through the fields.
  stops(row) {
    const first = this.fields[0].id;
    if (row.keeps_lots) {
      const lots = this.lots(row).map((lot) => ({ row: row.id, lot: lot.id, field: first }));
      return [...lots, { row: row.id, lot: null, field: EXPIRY }];
    }
    const fields = this.data.kind === "count" ? [first] : this.fields.map((field) => field.id);
    return fields.map((field) => ({ row: row.id, lot: null, field }));
  }

  stopAt(stops, { lot, field }) {
    const exact = stops.findIndex((stop) => stop.lot === lot && stop.field === field);
    return exact >= 0 ? exact : stops.findIndex((stop) => stop.lot === lot);
  }

  step(cursor, by) {
    const row = this.rows.get(cursor.row);
    const stops = this.stops(row);
    const inRow = stops[this.stopAt(stops, cursor) + by];
    if (inRow) return inRow;
    const rows = this.shownRows();
    const next = rows[rows.findIndex((one) => one.id === row.id) + by];
    if (next) return this.stops(next).at(by > 0 ? 0 : -1);
    if (by < 0) return null;
    const open = rows.find((one) => !this.done(one) && one.id !== row.id);
    return open ? this.stops(open)[0] : null;
  }

  nextRow(cursor) {
    return this.step({ ...cursor, ...this.stops(this.rows.get(cursor.row)).at(-1) }, 1);
  }

  sideways(cursor, by) {
    const ids = this.fields.map((field) => field.id);
    const line = this.rows.get(cursor.row).keeps_lots && cursor.lot === null ? [EXPIRY, ...ids] : ids;
    const field = line[line.indexOf(cursor.field) + by];
    return field ? { ...cursor, field } : null;
  }

  // Where a person begins: the first product that is still open.
  start() {
    const rows = this.shownRows();
    const row = rows.find((one) => !this.done(one)) ?? rows[0];
    return row ? this.stops(row)[0] : null;
  }
}
