// A signature: strokes on white paper. They are kept on the tablet stroke by stroke; the picture goes to the
// server like a photo, once, when the person says that it is theirs.

const INK = "#10202F";
const PEN = 2.2;

class SignatureElement {
  constructor(root) {
    this.queue = theQueue();
    this.report = new QueueReport(this.queue);
    const part = (name) => root.querySelector(name);
    this.canvas = part("canvas");
    this.parts = { label: part(".label"), clear: part(".clear"), sign: part(".sign"), state: part(".queue") };
    this.parts.clear.onclick = () => this.clear();
    this.parts.sign.onclick = () => this.sign();
    this.strokes = [];
    this.canvas.onpointerdown = (event) => this.begin(event);
    this.canvas.onpointermove = (event) => this.draw(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.lift();
    this.size = new ResizeObserver(() => this.paint());
    this.size.observe(this.canvas);
    this.stopListening = this.queue.listen((event) => this.heard(event));
  }

  receive(data, setStateValue) {
    const { entries_url: entriesUrl, attachments_url: attachmentsUrl } = data;
    const first = !this.data;
    const loading = this.queue.belongsTo(data.user, { entriesUrl, attachmentsUrl });
    this.data = data;
    this.cell = { visit: data.visit, row: data.subject, lot: null, field: "signature" };
    this.queue.acknowledge(data.acknowledged);
    this.parts.label.textContent = data.label;
    this.canvas.setAttribute("aria-label", data.label);
    this.parts.clear.textContent = data.texts.clear;
    this.parts.sign.textContent = data.texts.sign;
    if (first) loading.then(() => this.restore());
    this.report.drawn(data.queue, setStateValue);
    this.show();
  }

  async restore() {
    const drafts = await this.queue.kept.drafts(this.data.visit);
    const draft = drafts.find((one) => cellKey(one.cell) === cellKey(this.cell));
    if (draft && !this.strokes.length) this.strokes = JSON.parse(draft.text);
    this.paint();
    this.show();
  }

  // ── strokes, in fractions of the paper, so that a turned tablet keeps them ──────────────────────────────

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  begin(event) {
    if (event.button !== 0 || this.isSigned()) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = [this.point(event)];
    this.strokes.push(this.stroke);
    this.paint();
  }

  draw(event) {
    if (!this.stroke) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.stroke.push(this.point(one));
    this.paint();
  }

  lift() {
    if (!this.stroke) return;
    this.stroke = null;
    this.queue.kept.saveDraft({ cell: this.cell, text: JSON.stringify(this.strokes) });
    this.show();
  }

  clear() {
    this.strokes = [];
    this.queue.kept.dropDraft(this.cell);
    this.paint();
    this.show();
  }

  paint() {
    const { canvas } = this;
    const dots = devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    const paper = canvas.getContext("2d");
    Object.assign(paper, { fillStyle: "#fff", strokeStyle: INK, lineWidth: PEN * dots, lineCap: "round", lineJoin: "round" });
    paper.fillRect(0, 0, canvas.width, canvas.height);
    for (const stroke of this.strokes) {
      paper.beginPath();
      for (const [x, y] of stroke) paper.lineTo(x * canvas.width, y * canvas.height);
      if (stroke.length === 1) paper.lineTo(stroke[0][0] * canvas.width + 1, stroke[0][1] * canvas.height);
      paper.stroke();
    }
  }

  // ── sending ─────────────────────────────────────────────────────────────────────────────────────────────

  waiting() {
    return this.queue.attachmentsOf({ ...this.data, kind: "signature" });
  }

  isSigned() {
    return this.data.signed || this.sent || this.waiting().length > 0;
  }

  async sign() {
    const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
    const { visit, subject } = this.data;
    const { cell } = this;
    const signature = { id: newId(), visit, kind: "signature", subject, blob, at: new Date().toISOString() };
    // The strokes go when the picture lies on the tablet, not before.
    this.queue.attach(signature).then(() => this.queue.kept.dropDraft(cell));
    this.show();
  }

  heard(event) {
    if (!this.data || event.what === "leaving") return;
    if (event.what === "held" && event.ids.includes(this.waitedFor)) {
      this.sent = true;
      this.report.somethingHeld();
    }
    this.report.soon();
    this.show();
  }

  show() {
    this.waitedFor = this.waiting()[0]?.id ?? this.waitedFor;
    const signed = this.isSigned();
    this.parts.sign.disabled = signed || !this.strokes.length;
    this.parts.clear.disabled = signed || !this.strokes.length;
    showQueue(this.parts.state, this.queue.state(), this.data.texts);
  }

  leave() {
    this.size.disconnect();
    this.stopListening();
    this.report.stop();
  }
}

export default elementOf(SignatureElement);
