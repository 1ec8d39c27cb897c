// The waiting entries and attachments of one user, in memory and, record by record, in IndexedDB. Where the
// browser does not keep them (private window, disk full) they wait in memory, and `storage` says so:
// "kept", "memory" (no database) or "full".

class Kept {
  constructor(user, records, changed) {
    Object.assign(this, { user, records, changed });
    this.entries = new Map(); // id → {entry, tried, refused, kept}
    this.attachments = new Map(); // id → {id, visit, kind, subject, blob, at, refused, kept}
    this.storage = "kept";
  }

  // Resolves with the entries found, oldest first; what was typed meanwhile stays behind them.
  async load() {
    try {
      const found = await this.records.of("entries", this.user);
      const attachments = await this.records.of("attachments", this.user);
      const typedMeanwhile = this.entries;
      this.entries = new Map(found.map((record) => [record.id, { ...record, kept: true }]));
      for (const [id, record] of typedMeanwhile) this.entries.set(id, record);
      for (const record of attachments) this.attachments.set(record.id, { ...record, kept: true });
    } catch (problem) {
      this.notKept(problem);
    }
    return [...this.entries.values()].map((record) => record.entry);
  }

  // ── entries ─────────────────────────────────────────────────────────────────────────────────────────────

  add(entry, replacing = []) {
    for (const id of replacing) this.entries.delete(id);
    const record = { entry, tried: false, refused: null, kept: false };
    this.entries.set(entry.id, record);
    return this.keep(record, replacing);
  }

  async keep(record, replacing = []) {
    const { entry, tried, refused } = record;
    const { id } = entry;
    const row = { id, user: this.user, entry, tried, refused };
    record.kept = await this.write(() => this.records.putEntry(row, replacing));
    // Delivered while the write was under way: what the server holds need not lie here.
    if (record.kept && !this.entries.has(id)) this.erase(() => this.records.removeEntries([id]));
    return record.kept;
  }

  drop(ids) {
    for (const id of ids) this.entries.delete(id);
    if (ids.length) this.erase(() => this.records.removeEntries(ids));
  }

  toSend() {
    return [...this.entries.values()].filter((record) => !record.refused).map((record) => record.entry);
  }

  mark(ids) {
    for (const id of ids) {
      const record = this.entries.get(id);
      if (!record || record.tried) continue;
      record.tried = true;
      this.keep(record);
    }
  }

  // ── attachments ─────────────────────────────────────────────────────────────────────────────────────────

  addAttachment(attachment) {
    const record = { ...attachment, user: this.user, refused: null, kept: false };
    this.attachments.set(record.id, record);
    return this.keepAttachment(record);
  }

  async keepAttachment(record) {
    const { kept, ...rest } = record;
    record.kept = await this.write(() => this.records.put("attachments", rest));
    if (record.kept && !this.attachments.has(record.id)) {
      this.erase(() => this.records.remove("attachments", [record.id]));
    }
  }

  dropAttachment(id) {
    const there = this.attachments.delete(id);
    if (there) this.erase(() => this.records.remove("attachments", [id]));
    return there;
  }

  // ── drafts: one record a field, written with every digit ────────────────────────────────────────────────

  async drafts(visit) {
    try {
      return (await this.records.of("drafts", this.user)).filter((draft) => draft.cell.visit === visit);
    } catch (problem) {
      this.notKept(problem);
      return [];
    }
  }

  draftKey(cell) {
    return JSON.stringify([this.user, cellKey(cell)]);
  }

  saveDraft(draft) {
    return this.write(() =>
      this.records.put("drafts", { ...draft, key: this.draftKey(draft.cell), user: this.user }),
    );
  }

  // Of two drafts of one cell, the earlier one never takes the later one's record with it.
  dropDraft(cell, id) {
    return this.erase(() => this.records.removeOf("drafts", this.draftKey(cell), id));
  }

  // ── what the browser says ───────────────────────────────────────────────────────────────────────────────

  async write(work) {
    try {
      await work();
    } catch (problem) {
      this.notKept(problem);
      return false;
    }
    // Space may come back; the last record to be kept again is the one that this write is about.
    const left = [...this.entries.values(), ...this.attachments.values()].filter((record) => !record.kept);
    if (this.storage !== "kept" && left.length <= 1) this.now("kept");
    return true;
  }

  async erase(work) {
    try {
      await work();
    } catch (problem) {
      this.notKept(problem);
    }
  }

  notKept(problem) {
    this.now(problem?.name === "QuotaExceededError" ? "full" : "memory");
  }

  now(storage) {
    if (storage === this.storage) return;
    this.storage = storage;
    this.changed();
  }

  keepTheRest() {
    for (const record of this.entries.values()) if (!record.kept) this.keep(record);
    for (const record of this.attachments.values()) if (!record.kept) this.keepAttachment(record);
  }
}
