// Photos from the rear camera, as many as wanted. Each is made smaller on the tablet, kept there under an id of
// its own, and sent by the queue until the server holds it.

const LONG_SIDE = 2048;
const QUALITY = 0.85;

// A photo of a shelf needs no 12 million points, and a full-size one takes minutes on a warehouse's link.
// Drawing it anew also leaves the place and the serial number behind that cameras write into their files.
async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("the picture could not be made smaller");
  return blob;
}

class PhotoElement {
  constructor(root) {
    this.queue = theQueue();
    this.report = new QueueReport(this.queue);
    const part = (name) => root.querySelector(name);
    this.parts = { pictures: part(".pictures"), words: part(".take span"), state: part(".queue") };
    this.parts.problem = part(".problem");
    this.input = part("input");
    this.input.onchange = () => this.taken([...this.input.files]);
    this.shown = new Map(); // id → {url, figure, held}: what was taken here or still waits
    this.stopListening = this.queue.listen((event) => this.heard(event));
  }

  receive(data, setStateValue) {
    const { entries_url: entriesUrl, attachments_url: attachmentsUrl } = data;
    this.queue.belongsTo(data.user, { entriesUrl, attachmentsUrl });
    if (data.saved_at !== this.data?.saved_at) this.queue.savedAt = data.saved_at ?? this.queue.savedAt;
    this.data = data;
    this.parts.words.textContent = data.label;
    this.input.setAttribute("aria-label", data.label);
    this.input.disabled = !data.editable;
    this.queue.acknowledge(data.acknowledged);
    // What the page shows by itself, out of the database, need not stand here too.
    for (const id of data.acknowledged) this.remove(id);
    this.show();
    this.queue.ready.then(() => this.show());
    this.report.drawn(data.queue, setStateValue);
  }

  async taken(files) {
    this.input.value = "";
    this.parts.problem.textContent = "";
    for (const file of files) {
      try {
        const blob = await smaller(file);
        const { visit, subject } = this.data;
        this.queue.attach({ id: newId(), visit, kind: "photo", subject, blob, at: new Date().toISOString() });
      } catch (problem) {
        this.parts.problem.textContent = filled(this.data.texts.no_picture, { name: file.name });
        console.warn("This file is no picture that the browser can read:", file.name, problem);
      }
    }
  }

  heard(event) {
    if (!this.data || event.what === "leaving") return;
    if (event.what === "held") {
      const ours = event.ids.filter((id) => this.shown.has(id));
      for (const id of ours) this.shown.get(id).held = true;
      if (ours.length) this.report.somethingHeld();
    }
    this.report.soon();
    this.show();
  }

  show() {
    const { texts } = this.data;
    const waiting = this.queue.attachmentsOf({ ...this.data, kind: "photo" });
    for (const record of waiting) if (!this.shown.has(record.id)) this.add(record);
    for (const [id, one] of this.shown) {
      const record = waiting.find((other) => other.id === id);
      if (!record && !one.held) this.remove(id);
      const caption = one.figure.querySelector("figcaption");
      const words = record?.refused ? filled(texts.not_accepted, { value: texts.photo, reason: record.refused }) : "";
      caption.textContent = words || (one.held ? `✓ ${texts.sent}` : `↑ ${texts.on_tablet}`);
      caption.className = record?.refused ? "wrong" : one.held ? "quiet" : "attention";
      one.figure.querySelector("button").hidden = !record;
    }
    showQueue(this.parts.state, this.queue.state(), texts);
  }

  add({ id, blob }) {
    const figure = document.createElement("figure");
    const picture = document.createElement("img");
    const url = URL.createObjectURL(blob);
    picture.src = url;
    picture.alt = this.data.texts.photo;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.data.texts.discard;
    button.onclick = () => this.queue.discard(id);
    figure.append(picture, document.createElement("figcaption"), button);
    this.parts.pictures.append(figure);
    this.shown.set(id, { url, figure, held: false });
  }

  remove(id) {
    const one = this.shown.get(id);
    if (!one) return;
    URL.revokeObjectURL(one.url);
    one.figure.remove();
    this.shown.delete(id);
  }

  leave() {
    for (const id of [...this.shown.keys()]) this.remove(id);
    this.stopListening();
    this.report.stop();
  }
}

export default elementOf(PhotoElement);
