// One field while it is being typed into. Every digit is written to the tablet; an entry is made when the field
// is left, when typing rests, and when the page goes away. The draft carries the id that its next entry will
// have: a page that dies between sending and noting can make the same entry again, and the server keeps it once.
// So the draft on the tablet moves on to the next id, or goes, only when the entry itself lies there.

const TYPING_RESTS = 700; // ms

class Draft {
  // `seen` is the value and version that the person has before their eyes: the base of what they type.
  constructor(queue, cell, seen, text = "") {
    this.queue = queue;
    this.cell = cell;
    this.text = text;
    this.value = seen.value ?? null;
    this.base = seen.version ?? null;
    this.id = newId();
    this.touched = false;
    this.noted = this.next();
    this.noting = Promise.resolve();
    this.isClosed = false;
    this.writtenAs = null; // the id in the record on the tablet
  }

  // Takes up a draft that an earlier page left behind, or null when nothing of it is news any more.
  static restored(queue, record, seen, typed) {
    const draft = new Draft(queue, record.cell, seen, record.text);
    draft.touched = true;
    draft.writtenAs = record.id;
    const committed = seen.version === record.id || queue.kept.entries.has(record.id);
    if (committed) return draft;
    if (typed === record.value && seen.version !== record.base) {
      draft.close();
      return null;
    }
    Object.assign(draft, { base: record.base, id: record.id, value: record.value });
    draft.noted = draft.next();
    return draft;
  }

  next() {
    const { value, base, id } = this;
    return { value, base, id };
  }

  type(text) {
    this.text = text;
    this.touched = true;
    this.save();
  }

  save() {
    this.writtenAs = this.noted.id;
    this.queue.kept.saveDraft({ cell: this.cell, text: this.text, ...this.noted });
  }

  // Puts an entry when the value is news. `rest` = {unit, source}.
  commit(value, rest) {
    if (!this.touched || value === this.value) return false;
    const { queue, cell, id, base } = this;
    const { visit, row, lot = null, field } = cell;
    const entry = { id, user: queue.user, visit, row, lot, field, value, ...rest, base, at: new Date().toISOString() };
    const kept = queue.put(entry);
    Object.assign(this, { value, base: id, id: newId() });
    const noted = this.next();
    this.noting = kept.then(() => {
      if (this.isClosed) return;
      this.noted = noted;
      this.save();
    });
    return true;
  }

  close() {
    if (!this.touched || this.isClosed) return;
    this.isClosed = true;
    this.noting.then(() => this.queue.kept.dropDraft(this.cell, this.writtenAs));
  }
}

// An entry made by one tap: none here, same as last, skipped, one side of a conflict.
function putAtOnce(queue, cell, seen, value, rest) {
  if ((seen.value ?? null) === value) return;
  const draft = new Draft(queue, cell, seen);
  const { visit, row, lot = null, field } = cell;
  const at = new Date().toISOString();
  queue.put({ id: draft.id, user: queue.user, visit, row, lot, field, value, ...rest, base: draft.base, at });
}
