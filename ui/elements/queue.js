// The queue of this tablet: one for all elements of a page. What is put into it is kept in IndexedDB (kept.js)
// and delivered by POST (delivery.js says why not by a trigger). An entry leaves it only when the server has
// named its id as held, or when the person gives up one that the server refused. A queue belongs to a user:
// another user's entries are neither shown nor sent.
//
// Sent again every 5 seconds, when the link comes back, when the page is shown, hidden or left.

const QUEUE = Symbol.for("fieldvisit.queue");
const SEND_AGAIN = 5_000;
const AFTER_RECONNECTING = 3_000;
const MOST_IN_A_BATCH = 200;

class Queue {
  constructor() {
    this.records = new Records();
    this.listeners = new Set();
    this.channel = new BroadcastChannel("fieldvisit-queue");
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.user = null;
    setInterval(() => this.tick(), SEND_AGAIN);
    addEventListener("online", () => {
      this.linkIs("up");
      this.tick();
    });
    addEventListener("offline", () => this.linkIs("down"));
    addEventListener("pagehide", () => this.flush());
    this.isConnected = true;
    const attributeFilter = ["data-test-connection-state"];
    new MutationObserver(() => this.watch()).observe(document, { subtree: true, attributes: true, attributeFilter });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.tick()));
    addEventListener("beforeunload", (event) => {
      // Only what would die with the page is worth a question.
      if (this.user !== null && this.kept.storage !== "kept" && this.state().waiting) event.preventDefault();
    });
  }

  // Every element says at every drawing whose queue it wants and where it is delivered.
  belongsTo(user, { entriesUrl, attachmentsUrl }) {
    Object.assign(this, { entriesUrl, attachmentsUrl });
    if (user === this.user) return this.ready;
    this.user = user;
    this.link = "up";
    this.savedAt = null;
    this.batchSize = MOST_IN_A_BATCH;
    this.sending = { entries: false, attachments: false };
    this.cells = new Cells();
    this.kept = new Kept(user, this.records, () => this.tell({ what: "storage" }));
    this.isRead = false;
    this.ready = this.load(this.kept);
    return this.ready;
  }

  // Streamlit's own connection: without it the fields of the page are closed, and the bar must say so.
  watch() {
    const app = document.querySelector('[data-testid="stApp"]');
    const isConnected = app?.dataset.testConnectionState === "CONNECTED";
    if (!app || isConnected === this.isConnected) return;
    this.isConnected = isConnected;
    this.linkIs(isConnected ? "up" : "down");
    if (!isConnected) return;
    this.tick();
    this.tell({ what: "reconnected" });
    setTimeout(() => this.mendPage(app), AFTER_RECONNECTING);
  }

  // A drawing that was cut in the middle leaves an empty page, and Streamlit does not begin it anew.
  mendPage(app) {
    const isEmpty = this.listeners.size === 0 && app.dataset.testScriptState !== "running";
    if (isEmpty && this.isConnected && this.mayLoadAgain()) location.reload();
  }

  // What is kept nowhere else would go with the page.
  mayLoadAgain() {
    const { waiting, refused, storage } = this.state();
    return storage === "kept" || waiting + refused === 0;
  }

  async load(kept) {
    const entries = await kept.load();
    if (kept !== this.kept) return;
    for (const entry of entries) this.cells.entered(entry);
    this.isRead = true;
    this.tell({ what: "loaded" });
    this.tick();
    // Asks the browser not to clear the box when its disk runs low; a refusal changes nothing.
    navigator.storage?.persist?.();
  }

  // ── what elements do ────────────────────────────────────────────────────────────────────────────────────

  // Resolves once the entry lies on the tablet, with false where the browser keeps nothing.
  put(entry) {
    const records = [...this.kept.entries.values()].filter((one) => cellKey(one.entry) === cellKey(entry));
    // What the server never had is no base: retyped before it was sent, or after it was refused, a value stands
    // on the one that the person first saw.
    const lost = (one) => one.refused || (one.entry.id === entry.base && !one.tried);
    const base = records.find((one) => one.entry.id === entry.base && lost(one))?.entry.base;
    const record = base === undefined ? entry : { ...entry, base };
    const replacing = records.filter(lost).map((one) => one.entry.id);
    const kept = this.kept.add(record, replacing);
    this.cells.entered(record);
    this.say({ what: "put", entry: record, replacing });
    this.tell({ what: "put", cell: record });
    if (this.link === "up") this.deliver("entries");
    return kept;
  }

  attach(attachment) {
    const kept = this.kept.addAttachment(attachment);
    this.tell({ what: "attached" });
    if (this.link === "up") this.deliver("attachments");
    return kept;
  }

  // For what the server refused: the person has read why, and gives it up.
  discard(id) {
    const record = this.kept.entries.get(id);
    if (record) this.cells.forget(record.entry);
    this.kept.drop(record ? [id] : []);
    this.kept.dropAttachment(id);
    this.say({ what: "discarded", id, cell: record?.entry });
    this.tell({ what: "discarded", cell: record?.entry });
  }

  // Ids that the page has seen in the database, after a reply that was lost on its way.
  acknowledge(ids) {
    const held = ids.filter((id) => this.kept.entries.has(id) || this.kept.attachments.has(id));
    if (held.length) this.isHeld({ ids: held, conflicts: [] });
  }

  refusal(cell) {
    const key = cellKey(cell);
    return [...this.kept.entries.values()].find((one) => one.refused && cellKey(one.entry) === key) ?? null;
  }

  // Everything that the server refused, whatever it is.
  refusals() {
    return [...this.kept.entries.values(), ...this.kept.attachments.values()].filter((one) => one.refused);
  }

  entriesOf(visit) {
    return [...this.kept.entries.values()].map((one) => one.entry).filter((entry) => entry.visit === visit);
  }

  attachmentsOf({ visit, kind, subject }) {
    const fits = (one) => one.visit === visit && one.kind === kind && one.subject === subject;
    return [...this.kept.attachments.values()].filter(fits);
  }

  // ── sending ─────────────────────────────────────────────────────────────────────────────────────────────

  tick() {
    if (this.user === null) return;
    this.kept.keepTheRest();
    this.deliver("entries");
    this.deliver("attachments");
  }

  // The page may be gone in a moment: whoever listens puts what is half-typed, then all of it leaves at once.
  flush() {
    if (this.user === null) return;
    this.tell({ what: "leaving" });
    const batch = oneBatch(this.kept.toSend(), MOST_IN_A_BATCH, KEEPALIVE_BYTES);
    if (batch.length) this.sendEntries(batch, true);
  }

  // One request at a time of each sort: a slow photo never holds up a number.
  async deliver(sort) {
    const { sending } = this;
    if (sending[sort]) return;
    sending[sort] = true;
    try {
      const next = sort === "entries" ? () => this.nextEntries() : () => this.nextAttachment();
      while (sending === this.sending && (await next()));
    } finally {
      sending[sort] = false;
    }
  }

  // True while it is worth going on at once.
  async nextEntries() {
    const batch = oneBatch(this.kept.toSend(), this.batchSize, KEEPALIVE_BYTES);
    return batch.length > 0 && this.sendEntries(batch, false);
  }

  async sendEntries(batch, leaving) {
    const { kept } = this;
    const ids = batch.map((entry) => entry.id);
    kept.mark(ids);
    this.say({ what: "tried", ids });
    const answer = await entriesPost(this.entriesUrl, batch, leaving);
    return kept === this.kept && this.take(answer, batch);
  }

  take(answer, batch) {
    this.hearLink(answer);
    if (answer.kind === "refused") {
      if (batch.length > 1) this.batchSize = 1;
      else this.refuse(batch[0].id, `HTTP ${answer.status}`);
      return true;
    }
    if (answer.kind !== "held") return false;
    this.batchSize = MOST_IN_A_BATCH;
    const { held = [], rejected = [], conflicts = [], saved_at: savedAt } = answer.reply;
    const ids = held.filter((id) => this.kept.entries.has(id));
    // `user`: someone else is signed in by now. The entry is right, and waits for its owner.
    const refused = rejected.filter(({ id, reason }) => this.kept.entries.has(id) && reason !== "user");
    for (const { id, reason } of refused) this.refuse(id, reason);
    if (ids.length) this.isHeld({ ids, conflicts, savedAt });
    return ids.length + refused.length > 0;
  }

  async nextAttachment() {
    const { kept } = this;
    const next = [...kept.attachments.values()].find((one) => !one.refused);
    if (!next) return false;
    const answer = await attachmentPost(this.attachmentsUrl, next);
    if (kept !== this.kept) return false;
    this.hearLink(answer);
    if (answer.kind === "refused") {
      next.refused = `HTTP ${answer.status}`;
      kept.keepAttachment(next);
      this.tell({ what: "refused" });
      return true;
    }
    const held = answer.kind === "held" && answer.reply.held === next.id;
    if (held) this.isHeld({ ids: [next.id], conflicts: [], savedAt: answer.reply.saved_at });
    return held;
  }

  isHeld({ ids, conflicts, savedAt }) {
    this.say({ what: "held", ids, conflicts, savedAt });
    this.letGo({ ids, conflicts, savedAt });
  }

  letGo({ ids, conflicts, savedAt }) {
    const told = ids.map((id) => this.kept.entries.get(id)?.entry ?? this.kept.attachments.get(id)).filter(Boolean);
    this.cells.confirmed(ids, conflicts);
    if (savedAt) this.savedAt = savedAt;
    const attachments = ids.filter((id) => this.kept.dropAttachment(id));
    this.kept.drop(ids.filter((id) => !attachments.includes(id)));
    this.tell({ what: "held", ids, conflicts, held: told });
  }

  refuse(id, reason) {
    const record = this.kept.entries.get(id);
    record.refused = reason;
    this.kept.keep(record);
    this.tell({ what: "refused", cell: record.entry });
  }

  hearLink({ kind }) {
    this.linkIs({ "no connection": "down", "signed out": "signed out" }[kind] ?? "up");
  }

  linkIs(link) {
    if (this.user === null || link === this.link) return;
    this.link = link;
    this.tell({ what: "link" });
  }

  // ── telling ─────────────────────────────────────────────────────────────────────────────────────────────

  state() {
    // A value retyped while the link is down is two entries, but one thing that waits.
    const values = new Set(this.kept.toSend().map(cellKey)).size;
    const attachments = [...this.kept.attachments.values()].filter((one) => !one.refused).length;
    return {
      waiting: values + attachments,
      refused: this.refusals().length,
      link: this.link,
      storage: this.kept.storage,
      savedAt: this.savedAt,
    };
  }

  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // The elements of this page, and whoever listens on its window.
  tell(event) {
    for (const listener of [...this.listeners]) listener(event);
    dispatchEvent(new CustomEvent("fieldvisit:queue", { detail: this.state() }));
  }

  // The other tabs of this browser.
  say(message) {
    this.channel.postMessage({ ...message, user: this.user });
  }

  hear(message) {
    if (message.user !== this.user) return;
    const { entries } = this.kept;
    if (message.what === "held") {
      this.linkIs("up");
      this.letGo(message);
    }
    if (message.what === "tried") for (const id of message.ids) if (entries.has(id)) entries.get(id).tried = true;
    if (message.what === "discarded") {
      entries.delete(message.id);
      this.kept.attachments.delete(message.id);
      if (message.cell) this.cells.forget(message.cell);
      this.tell(message);
    }
    if (message.what === "put") {
      for (const id of message.replacing) entries.delete(id);
      entries.set(message.entry.id, { entry: message.entry, tried: false, refused: null, kept: true });
      this.cells.entered(message.entry);
      this.tell({ what: "put", cell: message.entry });
    }
  }
}

// However many elements stand on a page, each a module of its own: they share one queue.
function theQueue() {
  globalThis[QUEUE] ??= new Queue();
  return globalThis[QUEUE];
}
