// What this tablet knows about a value better than the page does: entries that wait or were confirmed after the
// page was drawn, and conflicts that a reply told.
//
// The version of a value is the id of the entry that set it. So a value typed twice while the link is down bases
// its second entry on the first, and only a change made elsewhere in between is a conflict.

const cellKey = ({ visit, row, lot, field }) => JSON.stringify([visit, row, lot ?? null, field]);

class Cells {
  constructor() {
    this.latest = new Map(); // cell → {id, value, held, bases}
    this.conflicts = new Map(); // cell → conflict
  }

  entered(entry) {
    const key = cellKey(entry);
    const before = this.latest.get(key);
    // Versions that came before this value: a page that still shows one of them is behind.
    const bases = new Set(before ? [...before.bases, before.id, entry.base ?? null] : [entry.base ?? null]);
    this.latest.set(key, { id: entry.id, value: entry.value, held: false, bases });
  }

  // The server's reply: these ids are held, and these cells did not move because someone else was first.
  confirmed(ids, conflicts) {
    const held = new Set(ids);
    for (const mine of this.latest.values()) if (held.has(mine.id)) mine.held = true;
    for (const conflict of conflicts) {
      const key = cellKey(conflict);
      this.conflicts.set(key, conflict);
      if (this.latest.get(key)?.held) this.latest.delete(key);
    }
  }

  forget(cell) {
    this.latest.delete(cellKey(cell));
  }

  // The value and version to show, given what the page was drawn with.
  shown(cell, given) {
    const key = cellKey(cell);
    const version = given.version ?? null;
    const conflict = this.conflicts.get(key);
    if (conflict && conflict.version === version) this.conflicts.delete(key);
    const mine = this.latest.get(key);
    if (mine && (version === mine.id || (mine.held && !mine.bases.has(version)))) this.latest.delete(key);
    else if (mine) return { value: mine.value, version: mine.id };
    const told = this.conflicts.get(key);
    return told ? { value: told.value, version: told.version } : given;
  }

  // A conflict is over for the person as soon as their answer to it is on its way.
  conflict(cell, given) {
    const key = cellKey(cell);
    const conflict = this.conflicts.get(key) ?? given ?? null;
    const answered = conflict && this.latest.get(key)?.bases.has(conflict.version ?? null);
    return answered ? null : conflict;
  }
}
