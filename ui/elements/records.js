// What is kept on this tablet: three boxes in IndexedDB.
//
//   entries      values waiting for the server, in the order in which they were made (`seq`)
//   attachments  photos and signatures waiting for the server
//   drafts       what is being typed at this moment, one record a field
//
// A failed write is never swallowed: it rejects, and the caller says so on the screen. Order is `seq`, which
// IndexedDB counts; a tablet's clock may jump, so it decides nothing.

const DATABASE = "fieldvisit";

function openDatabase(closed) {
  return new Promise((resolve, reject) => {
    // In some private windows `indexedDB` is missing or `open` throws: both end up as a rejection.
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const entries = request.result.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
      entries.createIndex("id", "id", { unique: true });
      entries.createIndex("user", "user");
      const attachments = request.result.createObjectStore("attachments", { keyPath: "id" });
      attachments.createIndex("user", "user");
      const drafts = request.result.createObjectStore("drafts", { keyPath: "key" });
      drafts.createIndex("user", "user");
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older database open"));
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => {
        database.close();
        closed();
      };
      database.onclose = closed;
      resolve(database);
    };
  });
}

class Records {
  constructor() {
    this.opening = null;
  }

  database() {
    this.opening ??= openDatabase(() => (this.opening = null));
    this.opening.catch(() => (this.opening = null));
    return this.opening;
  }

  // Runs `work(box)` in one transaction and resolves with its result once the browser has it on disk.
  async run(box, mode, work) {
    const database = await this.database();
    // An entry must outlive a power cut; a draft, written with every digit, only a reload or a crash.
    const durability = box === "drafts" ? "relaxed" : "strict";
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(box, mode, { durability });
      let outcome;
      transaction.oncomplete = () => resolve(outcome?.result ?? outcome);
      transaction.onabort = () => reject(transaction.error ?? new Error("the write was given up"));
      outcome = work(transaction.objectStore(box));
    });
  }

  of(box, user) {
    return this.run(box, "readonly", (store) => store.index("user").getAll(user));
  }

  // Committed at once: a page that goes away in the next moment leaves no open transaction to be given up.
  put(box, record) {
    return this.run(box, "readwrite", (store) => {
      const request = store.put(record);
      store.transaction.commit?.();
      return request;
    });
  }

  remove(box, keys) {
    return this.run(box, "readwrite", (store) => {
      for (const key of keys) store.delete(key);
    });
  }

  // Removes the record of that key if it carries that id.
  removeOf(box, key, id) {
    return this.run(box, "readwrite", (store) => {
      store.get(key).onsuccess = (event) => {
        if (event.target.result?.id === id) store.delete(key);
      };
    });
  }

  // Entries are known outside by their id, and by `seq` in here. One transaction, so that an entry and those
  // that it replaces change places at once.
  putEntry(record, replacing) {
    return this.run("entries", "readwrite", (store) => {
      this.deleteById(store, replacing);
      store.index("id").getKey(record.id).onsuccess = (event) => {
        const seq = event.target.result;
        store.put(seq === undefined ? record : { ...record, seq });
      };
    });
  }

  removeEntries(ids) {
    return this.run("entries", "readwrite", (store) => this.deleteById(store, ids));
  }

  deleteById(store, ids) {
    for (const id of ids) {
      store.index("id").getKey(id).onsuccess = (event) => {
        if (event.target.result !== undefined) store.delete(event.target.result);
      };
    }
  }
}

// A UUID of version 7 (RFC 9562): 48 bits of the clock in front, 74 random bits behind. The clock only makes
// neighbours in the database; two tablets with the same wrong time still never meet.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let place = 0; place < 6; place += 1) bytes[place] = Math.floor(now / 2 ** (40 - 8 * place)) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
