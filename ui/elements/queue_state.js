// The truth about the queue, on every page: saved, waiting, no connection. Nobody signs out past a full queue
// unwarned, and what the server refused is listed with its reason.

const ANSWER_WITHIN = 8_000;

class QueueState {
  constructor(root) {
    this.queue = theQueue();
    this.report = new QueueReport(this.queue, ["waiting", "refused", "reconnected"]);
    const part = (name) => root.querySelector(name);
    this.parts = { state: part(".queue"), button: part(".bar-state"), refusals: part(".refusals") };
    this.parts.leaving = part(".leaving");
    this.parts.button.onclick = () => this.listRefusals();
    part(".refusals .close").onclick = () => this.parts.refusals.close();
    part(".stay").onclick = () => this.parts.leaving.close();
    this.stopListening = this.queue.listen((event) => this.heard(event));
    this.guard = (event) => this.beforeSignOut(event);
    document.addEventListener("click", this.guard, true);
    document.addEventListener("submit", this.guard, true);
  }

  receive(data, setStateValue) {
    clearTimeout(this.unanswered);
    const { entries_url: entriesUrl, attachments_url: attachmentsUrl } = data;
    this.queue.belongsTo(data.user, { entriesUrl, attachmentsUrl });
    if (data.saved_at !== this.data?.saved_at) this.queue.savedAt = data.saved_at ?? this.queue.savedAt;
    this.data = data;
    this.newSession(data.session);
    // Not before the box was read: an empty queue that was not looked into is no empty queue.
    this.queue.ready.then(() => this.report.drawn(data.queue, setStateValue));
    this.show();
  }

  heard(event) {
    if (!this.data || event.what === "leaving") return;
    // A figure in a field of Streamlit's own may have been cut on its way: another run takes it along.
    if (event.what === "reconnected") {
      this.report.reconnected += 1;
      // A server that was started again knows no part of this page: it draws nothing, and says nothing of it.
      clearTimeout(this.unanswered);
      this.unanswered = setTimeout(() => this.queue.mayLoadAgain() && location.reload(), ANSWER_WITHIN);
    }
    this.report.soon();
    this.show();
    this.loadAgain();
  }

  // A server that was started again takes what stands in Streamlit's own fields for its own, and never saves what
  // was typed into them last: no change of theirs is news to it. Loaded again, the page shows what the database has.
  newSession(session) {
    this.queue.outlived ||= this.queue.session !== undefined && this.queue.session !== session;
    this.queue.session = session;
    this.queue.ready.then(() => this.loadAgain());
  }

  loadAgain() {
    if (this.queue.outlived && this.queue.mayLoadAgain()) location.reload();
  }

  show() {
    const { texts } = this.data;
    const state = this.queue.state();
    const { button, state: place, refusals } = this.parts;
    const says = state.refused > 0;
    button.hidden = !says;
    place.hidden = says;
    if (says) button.textContent = filled(texts.refused, { n: state.refused });
    else showQueue(place, state, texts);
    if (refusals.open) this.fillRefusals();
  }

  listRefusals() {
    this.fillRefusals();
    this.parts.refusals.showModal();
  }

  fillRefusals() {
    const { texts } = this.data;
    const dialog = this.parts.refusals;
    const refused = this.queue.refusals();
    if (!refused.length) return dialog.close();
    dialog.querySelector("h2").textContent = filled(texts.refused, { n: refused.length });
    dialog.querySelector(".close").textContent = texts.close;
    dialog.querySelector("ul").replaceChildren(...refused.map((record) => this.refusal(record)));
  }

  refusal({ id, entry, kind, refused }) {
    const { texts } = this.data;
    const item = document.createElement("li");
    const words = document.createElement("span");
    const value = entry ? `${entry.row} · ${entry.field}: ${entry.value ?? "—"}` : texts[kind];
    words.textContent = filled(texts.not_accepted, { value, reason: refused });
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = texts.discard;
    button.onclick = () => {
      this.queue.discard(entry?.id ?? id);
      this.fillRefusals();
    };
    item.append(words, button);
    return item;
  }

  beforeSignOut(event) {
    const [target] = event.composedPath();
    const leads = event.type === "submit" ? 'form[action$="/sign-out"]' : 'a[href$="/sign-out"]';
    const way = target.closest?.(leads);
    const { queue } = this;
    // A box that was not read yet is no empty box: a tap that comes first waits for it.
    if (!way || way === this.allowed || (queue.isRead && this.left() === 0)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    queue.ready.then(() => this.signOut(way));
  }

  left() {
    const { waiting, refused } = this.queue.state();
    return waiting + refused;
  }

  signOut(way) {
    const go = () => {
      this.allowed = way;
      if (way.matches("form")) way.requestSubmit();
      else way.click();
      this.allowed = null;
    };
    const n = this.left();
    if (n === 0) go();
    else this.ask(n, go);
  }

  ask(n, go) {
    const { leaving } = this.parts;
    const { texts } = this.data;
    leaving.querySelector("p").textContent = filled(texts.sign_out_warning, { n });
    leaving.querySelector(".stay").textContent = texts.stay;
    leaving.querySelector(".go").textContent = texts.sign_out_anyway;
    leaving.querySelector(".go").onclick = () => {
      leaving.close();
      go();
    };
    leaving.showModal();
  }

  leave() {
    document.removeEventListener("click", this.guard, true);
    document.removeEventListener("submit", this.guard, true);
    clearTimeout(this.unanswered);
    this.stopListening();
    this.report.stop();
  }
}

export default elementOf(QueueState);
