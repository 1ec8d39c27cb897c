// What this tablet knows about a value better than the page does: entries that wait or were confirmed after the
// page was drawn, and conflicts that a reply told.
//
// The version of a value is the id of the entry that set it. So a value typed twice while the link is down bases
// its second entry on the first, and only a change made elsewhere in between is a conflict.

const cellKey = ({ visit, row, lot, field }) => JSON.stringify([visit, row, lot ?? null, field]);

class Cells {
  constructor() {
    this.latest = new Map(); // cell → {id, value, held, bases}
    this.conflicts = new Map(); // cell → conflict, with the versions that are `behind` it
  }

  entered(entry) {
    const key = cellKey(entry);
    const before = this.latest.get(key);
    const base = entry.base ?? null;
    // The versions that this value stands on: a page that still shows one of them is behind. A value that someone
    // entered beside it is none of them, and stays a conflict.
    const onTop = before && (base === before.id || before.bases.has(base));
    const bases = new Set(onTop ? [...before.bases, base] : [base]);
    const conflict = this.conflicts.get(key);
    if (conflict && (conflict.version ?? null) === base) {
      // The answer to a conflict.
      for (const version of conflict.behind) bases.add(version);
      this.conflicts.delete(key);
    }
    this.latest.set(key, { id: entry.id, value: entry.value, held: false, bases });
  }

  // The server's reply: these ids are held, and these cells did not move because someone else was first.
  confirmed(ids, conflicts) {
    const held = new Set(ids);
    for (const mine of this.latest.values()) if (held.has(mine.id)) mine.held = true;
    for (const conflict of conflicts) {
      const key = cellKey(conflict);
      const mine = this.latest.get(key);
      const behind = new Set([...(this.conflicts.get(key)?.behind ?? []), ...(mine ? [...mine.bases, mine.id] : [])]);
      behind.delete(conflict.version ?? null);
      this.conflicts.set(key, { ...conflict, behind });
      if (mine?.held) this.latest.delete(key);
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
    if (conflict && !conflict.behind.has(version)) this.conflicts.delete(key); // the page has caught up
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
