// Free text on the same queue as the numbers: every keystroke is kept on the tablet, an entry is made when
// typing rests, when the field is left and when the page goes away. Letters that an input method is still
// composing are nobody's text yet and are not sent.
//
// That something is saved, the page's bar says. The field speaks only of what is not: it waits, it was refused, it
// met another text.

const REPLY_EXPECTED = 1_500; // ms in which a reply needs no word

const asValue = (text) => (text.trim() === "" ? null : text);

class TextElement {
  constructor(root) {
    this.queue = theQueue();
    this.report = new QueueReport(this.queue);
    const part = (name) => root.querySelector(name);
    this.area = part("textarea");
    this.label = part(".label");
    this.state = part(".queue");
    this.choice = part(".choice");
    this.composing = false;
    this.area.addEventListener("compositionstart", () => (this.composing = true));
    this.area.addEventListener("compositionend", () => {
      this.composing = false;
      this.typed();
    });
    this.area.oninput = () => this.composing || this.typed();
    this.area.onblur = () => this.settle();
    this.stopListening = this.queue.listen((event) => this.heard(event));
  }

  receive(data, setStateValue) {
    const newCell = !this.data || cellKey(this.data) !== cellKey(data) || this.queue.user !== data.user;
    const { entries_url: entriesUrl, attachments_url: attachmentsUrl } = data;
    const loading = this.queue.belongsTo(data.user, { entriesUrl, attachmentsUrl });
    if (data.saved_at !== this.data?.saved_at) this.queue.savedAt = data.saved_at ?? this.queue.savedAt;
    if (newCell) this.close();
    this.data = data;
    this.setStateValue = setStateValue;
    this.cell = { visit: data.visit, row: data.row, lot: data.lot ?? null, field: data.field };
    this.queue.acknowledge(data.acknowledged);
    this.label.textContent = data.label;
    this.label.hidden = !data.shows_label;
    Object.assign(this.area, { placeholder: data.placeholder, maxLength: data.maximum, disabled: !data.editable });
    this.area.setAttribute("aria-label", data.label || data.placeholder);
    this.follow();
    setTimeout(() => this.tellPage());
    if (newCell) loading.then(() => this.restore(this.cell));
    this.report.drawn(data.queue, setStateValue);
  }

  seen() {
    return this.queue.cells.shown(this.cell, { value: this.data.value, version: this.data.version });
  }

  async restore(cell) {
    const records = await this.queue.kept.drafts(cell.visit);
    const record = records.find((one) => cellKey(one.cell) === cellKey(cell));
    if (cell !== this.cell && cellKey(cell) !== cellKey(this.cell)) return;
    if (!record || this.draft?.touched) return this.follow();
    this.draft = Draft.restored(this.queue, record, this.seen(), asValue(record.text));
    if (!this.draft) return this.follow();
    this.draft.commit(asValue(record.text), this.rest());
    this.area.value = this.draft.text;
    this.show();
    this.tellPage();
  }

  // As long as nobody types, the field shows what is known. A text taken up after a reload, of which nothing is
  // news any more, is nobody's typing.
  follow() {
    const { draft } = this;
    const isSettled = draft?.touched && !this.area.matches(":focus") && asValue(draft.text) === draft.value;
    if (isSettled && this.seen().version !== draft.base) this.close();
    if (!this.draft?.touched && !this.composing) {
      const seen = this.seen();
      this.draft = new Draft(this.queue, this.cell, seen, seen.value ?? "");
      if (this.area.value !== this.draft.text) this.area.value = this.draft.text;
    }
    this.show();
  }

  typed() {
    this.draft.type(this.area.value);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.commit(), TYPING_RESTS);
    this.report.soon();
  }

  rest() {
    return { unit: null, source: this.data.source };
  }

  commit() {
    this.draft?.commit(asValue(this.draft.text), this.rest());
    this.tellPage();
  }

  // A button of the page acts on the words: which they are, and the id of the entry that holds them.
  tellPage() {
    if (!this.data?.tells) return;
    const { value = null, version = null } = this.seen();
    const known = this.data.told ?? this.data;
    if (value === (known.value ?? null) && version === (known.version ?? null)) return;
    this.data.told = { value, version };
    this.setStateValue("words", this.data.told);
  }

  settle() {
    this.close();
    this.follow();
  }

  close() {
    clearTimeout(this.resting);
    if (!this.draft?.touched) return;
    this.commit();
    this.draft.close();
    this.draft = null;
  }

  heard(event) {
    if (event.what === "leaving") return this.commit();
    if (!this.data || this.queue.user !== this.data.user) return;
    if (event.held?.some((one) => cellKey(one) === cellKey(this.cell))) this.report.somethingHeld();
    this.report.soon();
    this.follow();
  }

  show() {
    const { texts } = this.data;
    this.showWaiting();
    const refusal = this.queue.refusal(this.cell);
    const conflict = this.queue.cells.conflict(this.cell, this.data.conflict);
    this.choice.hidden = !refusal && !conflict;
    const [says, first, second] = this.choice.children;
    second.hidden = Boolean(refusal);
    if (refusal) {
      says.textContent = filled(texts.not_accepted, { value: refusal.entry.value ?? "—", reason: refusal.refused });
      first.textContent = texts.discard;
      first.onclick = () => this.queue.discard(refusal.entry.id);
    } else if (conflict) {
      says.textContent = filled(texts.conflict, { field: this.data.label });
      const side = (button, value, by) => {
        button.textContent = filled(texts.keep, { value: value ?? "—", by });
        button.onclick = () => this.answer(conflict, value);
      };
      side(first, conflict.value, conflict.by);
      side(second, conflict.proposed, conflict.proposed_by);
    }
  }

  showWaiting() {
    const state = this.queue.state();
    const waits = this.queue.entriesOf(this.cell.visit).some((one) => cellKey(one) === cellKey(this.cell));
    this.waitsSince = waits ? (this.waitsSince ?? performance.now()) : null;
    clearTimeout(this.patience);
    const isQuick = waits && performance.now() - this.waitsSince < REPLY_EXPECTED;
    const isWell = state.link === "up" && state.storage === "kept";
    if (isQuick && isWell) this.patience = setTimeout(() => this.showWaiting(), REPLY_EXPECTED);
    if (waits && !(isQuick && isWell)) showQueue(this.state, state, this.data.texts);
    else this.state.textContent = "";
  }

  answer(conflict, value) {
    this.close();
    putAtOnce(this.queue, this.cell, { value: undefined, version: conflict.version }, value, this.rest());
    this.follow();
    this.tellPage();
  }

  leave() {
    this.close();
    clearTimeout(this.patience);
    this.stopListening();
    this.report.stop();
  }
}

export default elementOf(TextElement);
