// The pad: a list of products and number keys in one, for counting stock and writing down prices. Everything
// that is typed goes to the tablet first and to the server when it can be reached (draft.js, queue.js).

class Pad {
  constructor(root) {
    this.queue = theQueue();
    this.model = new PadModel(this.queue);
    this.entries = new PadEntries(this.queue, this.model);
    this.report = new QueueReport(this.queue);
    this.root = root.querySelector(".pad");
    const part = (name) => this.root.querySelector(`.${name}`);
    this.parts = { current: part("current-name"), hint: part("hint"), hand: part("hand"), done: part("done") };
    this.parts.queue = part("queue");
    this.list = new PadList(part("list"), this.model, {
      tap: (place) => this.tap(place),
      answer: (conflict, value) => this.entries.answer(conflict, value),
      discard: (id) => this.queue.discard(id),
    });
    this.keys = new PadKeys(part("keys"), (act) => this.press(act));
    this.parts.hand.onclick = () => this.changeHands();
    this.draft = null;
    this.listenWhileShown();
  }

  listenWhileShown() {
    const away = new AbortController();
    const { signal } = away;
    document.addEventListener("keydown", (event) => this.keydown(event), { signal });
    document.addEventListener("paste", (event) => this.paste(event), { signal });
    const stopListening = this.queue.listen((event) => this.heard(event));
    this.stopListening = () => {
      away.abort();
      stopListening();
    };
  }

  // ── from Python ─────────────────────────────────────────────────────────────────────────────────────────

  receive(data, setStateValue) {
    const { user, entries_url: entriesUrl, attachments_url: attachmentsUrl } = data;
    const newPage = this.model.data?.visit !== data.visit || this.queue.user !== user;
    const loading = this.queue.belongsTo(user, { entriesUrl, attachmentsUrl });
    if (data.saved_at !== this.model.data?.saved_at) this.queue.savedAt = data.saved_at ?? this.queue.savedAt;
    this.queue.acknowledge(data.acknowledged);
    this.model.receive(data);
    this.root.style.setProperty("--above-and-below", `${data.above_and_below}px`);
    this.keys.draw(data.kind, data.texts, data.fields);
    this.showHand();
    this.list.draw();
    if (newPage) {
      this.cursor = null;
      loading.then(() => this.begin(data.visit));
    } else this.settle();
    this.report.drawn(data.queue, setStateValue);
    this.showState();
  }

  // After a first drawing: what was half-typed is there again, or else the first open product.
  async begin(visit) {
    const records = await this.queue.kept.drafts(visit);
    if (visit !== this.model.data.visit || this.draft?.touched) return;
    for (const entry of this.queue.entriesOf(visit)) this.model.noteLot(entry);
    this.list.draw();
    let last = null;
    for (const record of records) last = this.takeUp(record) ?? last;
    this.moveTo(last ? last.cell : this.model.start());
    if (last) {
      if (this.draft.cell.field !== EXPIRY) this.draft.close();
      this.draft = last;
      last.save();
      this.showTyped();
    }
  }

  takeUp(record) {
    const { row: rowId, lot, field } = record.cell;
    const row = this.model.rows.get(rowId);
    if (!row || !(this.model.field(field) || (field === EXPIRY && row.keeps_lots))) return null;
    this.model.noteLot(record.cell);
    const typed = field === EXPIRY ? null : typedValue(record.text);
    const draft = Draft.restored(this.queue, record, this.model.seen(row, lot, field), typed);
    if (!draft) return null;
    if (field !== EXPIRY) draft.commit(typed, this.entries.rest(field));
    return draft;
  }

  // After later drawings: the cursor stays where it is as long as its product is still there.
  settle() {
    const shown = this.model.shownRows();
    const stays = this.cursor && shown.some((row) => row.id === this.cursor.row);
    if (!stays) this.moveTo(this.model.start());
    else if (!this.list.place.querySelector("#open")) this.list.openAt(this.cursor);
    this.refreshDraft();
    this.showTyped();
  }

  // ── moving ──────────────────────────────────────────────────────────────────────────────────────────────

  moveTo(cursor) {
    this.closeDraft();
    this.cursor = cursor && { row: cursor.row, lot: cursor.lot ?? null, field: cursor.field };
    this.list.openAt(this.cursor);
    if (!this.cursor) return this.showState();
    this.openDraft();
    this.say("");
    this.showTyped();
    this.showState();
  }

  row() {
    return this.model.rows.get(this.cursor.row);
  }

  openDraft() {
    const { row, lot, field } = this.cursor;
    const seen = field === EXPIRY ? NOTHING : this.model.seen(this.row(), lot, field);
    this.draft = new Draft(this.queue, this.model.cell(row, lot, field), seen);
  }

  // Nothing typed yet, and the value changed elsewhere: then that is what the person has before their eyes.
  refreshDraft() {
    if (this.cursor && !this.draft?.touched) this.openDraft();
  }

  closeDraft() {
    if (!this.draft) return;
    clearTimeout(this.resting);
    this.commit();
    this.draft.close();
    this.draft = null;
  }

  tap({ row: rowId, lot, field, summed }) {
    const row = this.model.rows.get(rowId);
    if (!row) return;
    const first = this.model.stops(row)[0];
    const inLine = lot !== null || row.keeps_lots ? { row: rowId, lot, field: this.model.fields[0].id } : first;
    if (summed) this.moveTo(first);
    else this.moveTo(field ? { row: rowId, lot, field } : inLine);
    this.list.place.focus({ preventScroll: true });
  }

  // ── keys ────────────────────────────────────────────────────────────────────────────────────────────────

  keydown(event) {
    if (!this.cursor) return;
    const act = physicalKey(event, this.root);
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.press(act);
  }

  paste(event) {
    if (!this.cursor || event.composedPath()[0].matches?.(TYPES_ITSELF)) return;
    const pasted = event.clipboardData.getData("text");
    const field = this.model.field(this.cursor.field);
    const text = field && pastedText(pasted, field);
    event.preventDefault();
    if (text === null) this.say(filled(this.model.texts.no_number, { text: pasted.trim().slice(0, 20) }));
    else this.type(text);
  }

  press(act) {
    if (!this.cursor) return;
    this.say("");
    const { model, cursor } = this;
    const go = (next) => next && this.moveTo(next);
    if (/^[\d.]$/.test(act)) this.digit(act);
    else if (act === "back") this.type(this.text().slice(0, -1));
    else if (act === "clear") this.type("");
    else if (act === "next" || act === "down") this.next();
    else if (act === "previous" || act === "up") go(model.step(cursor, -1));
    else if (act === "left" || act === "right") go(model.sideways(cursor, act === "left" ? -1 : 1));
    else if (act === "switch") go(model.sideways(cursor, 1) ?? { ...cursor, field: model.fields[0].id });
    else this.forProduct(act);
  }

  // Keys that say something about the product as a whole: what is half-typed in it is given up.
  forProduct(act) {
    const { entries, model, cursor } = this;
    const row = this.row();
    if (act === "same" && row.values[cursor.field]?.last == null) return;
    const takenBack = act === "skip" && model.skipped(row);
    clearTimeout(this.resting);
    this.draft.close();
    this.draft = null;
    if (act === "none") entries.noneHere(row);
    else if (act === "same") entries.sameAsLast(row, cursor.field);
    else entries.skip(row);
    const next = act === "same" ? model.step(cursor, 1) : model.nextRow(cursor);
    this.moveTo((!takenBack && next) || cursor);
  }

  next() {
    if (this.cursor.field === EXPIRY && this.text() && !monthOf(this.text())) {
      this.say(this.model.texts.no_month);
      return;
    }
    const next = this.model.step(this.cursor, 1);
    if (next) this.moveTo(next);
    else {
      this.moveTo(this.cursor);
      this.say(this.model.texts.all_done);
    }
  }

  text() {
    if (this.draft.touched) return this.draft.text;
    return this.draft.value == null ? "" : String(this.draft.value);
  }

  digit(key) {
    // The first digit replaces what stood there, as on a pocket calculator; Backspace mends it.
    const text = this.draft.touched ? this.draft.text : "";
    if (this.cursor.field === EXPIRY) {
      if (/\d/.test(key) && text.length < 4) this.typeDate(text + key);
      return;
    }
    const field = this.model.field(this.cursor.field);
    const next = withKey(text, key, field);
    if (next !== null) this.type(next);
    else if (Number(text + key) > field.maximum) this.say(filled(this.model.texts.too_large, { maximum: field.maximum }));
  }

  typeDate(text) {
    this.draft.type(text);
    const month = monthOf(text);
    if (month) {
      const { row } = this.cursor;
      this.draft.close();
      this.draft = null;
      this.model.noteLot({ row, lot: month });
      this.list.fill(row);
      this.moveTo({ row, lot: month, field: this.model.fields[0].id });
    } else {
      this.showTyped();
      if (text.length === 4) this.say(this.model.texts.no_month);
    }
  }

  type(text) {
    if (this.cursor.field === EXPIRY) return this.typeDate(text);
    this.draft.type(text);
    this.showTyped();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.commit(), TYPING_RESTS);
    this.report.soon();
  }

  // ── entries ─────────────────────────────────────────────────────────────────────────────────────────────

  commit() {
    const { draft } = this;
    if (!draft?.touched || draft.cell.field === EXPIRY) return;
    const { row: rowId, field } = draft.cell;
    const value = typedValue(draft.text);
    const row = this.model.rows.get(rowId);
    if (draft.commit(value, this.entries.rest(field)) && value !== null && row) this.entries.notSkipped(row);
  }

  // ── what the queue tells ────────────────────────────────────────────────────────────────────────────────

  heard(event) {
    if (event.what === "leaving") return this.commit();
    const { model } = this;
    if (!model.data || this.queue.user !== model.data.user) return;
    const cells = [event.cell, ...(event.conflicts ?? [])].filter((cell) => cell?.visit === model.data.visit);
    for (const cell of cells) {
      model.noteLot(cell);
      this.list.fill(cell.row);
    }
    if (event.what === "loaded") this.list.draw();
    const ours = event.held?.some(({ visit, row }) => visit === model.data.visit && model.rows.has(row));
    if (ours) this.report.somethingHeld();
    if (cells.length || event.what === "loaded") this.refreshDraft();
    if (event.what !== "storage") this.report.soon();
    this.showTyped();
    this.showState();
  }

  // ── showing ─────────────────────────────────────────────────────────────────────────────────────────────

  showTyped() {
    if (!this.draft || !this.cursor) return;
    this.list.type(this.text(), !this.draft.touched && this.draft.value != null);
  }

  say(text) {
    this.saying = text;
    this.showState();
  }

  showState() {
    const { model, parts, cursor } = this;
    const { texts } = model;
    parts.done.textContent = filled(texts.done, { done: model.doneCount(), all: model.data.rows.length });
    showQueue(parts.queue, this.queue.state(), texts);
    const row = cursor && this.row();
    const field = cursor && (cursor.field === EXPIRY ? { label: texts.date } : model.field(cursor.field));
    parts.current.textContent = row ? `${row.name} · ${field.label}` : "";
    parts.hint.textContent = this.saying || (row && (row.values[cursor.field]?.hint || row.hint)) || "";
    parts.hint.classList.toggle("wrong", Boolean(this.saying));
    if (!row) return;
    const next = model.step(cursor, 1);
    const sameLine = next && next.row === cursor.row && next.field !== cursor.field && next.field !== EXPIRY;
    const name = sameLine ? model.field(next.field).next || model.field(next.field).label : texts.next;
    this.keys.follow({ next: name, sameAsLast: row.values[cursor.field]?.last != null });
  }

  showHand() {
    const left = storedHand() === "left";
    this.root.classList.toggle("left-handed", left);
    this.parts.hand.textContent = left ? this.model.texts.right_hand : this.model.texts.left_hand;
  }

  changeHands() {
    storeHand(storedHand() === "left" ? "right" : "left");
    this.showHand();
  }

  leave() {
    this.closeDraft();
    this.stopListening();
    this.report.stop();
  }
}

export default elementOf(Pad);
