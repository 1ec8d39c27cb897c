// One field while it is being typed into. Every digit is written to the tablet; an entry is made when the field
// is left, when typing rests, and when the page goes away. The draft carries the id that its next entry will
// have: a page that dies between sending and noting can make the same entry again, and the server keeps it once.

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
  }

  // Takes up a draft that an earlier page left behind, or null when nothing of it is news any more.
  static restored(queue, record, seen, typed) {
    const draft = new Draft(queue, record.cell, seen, record.text);
    draft.touched = true;
    const committed = seen.version === record.id || queue.kept.entries.has(record.id);
    if (committed) return draft;
    if (typed === record.value && seen.version !== record.base) {
      draft.close();
      return null;
    }
    return Object.assign(draft, { base: record.base, id: record.id, value: record.value });
  }

  type(text) {
    this.text = text;
    this.touched = true;
    this.save();
  }

  save() {
    const { cell, text, value, base, id } = this;
    this.queue.kept.saveDraft({ cell, text, value, base, id });
  }

  // Puts an entry when the value is news. `rest` = {unit, source}.
  commit(value, rest) {
    if (!this.touched || value === this.value) return false;
    const { queue, cell, id, base } = this;
    const { visit, row, lot = null, field } = cell;
    queue.put({ id, user: queue.user, visit, row, lot, field, value, ...rest, base, at: new Date().toISOString() });
    Object.assign(this, { value, base: id, id: newId() });
    this.save();
    return true;
  }

  close() {
    if (this.touched) this.queue.kept.dropDraft(this.cell);
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
