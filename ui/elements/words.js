// What an element says about the queue, and what it tells Python about it.

function queueWords({ waiting, refused, link, storage, savedAt }, texts) {
  if (storage !== "kept") return { tone: "wrong", sign: "!", text: filled(texts[storage], { n: waiting }) };
  if (refused) return { tone: "wrong", sign: "!", text: filled(texts.refused, { n: refused }) };
  if (link === "signed out") return { tone: "wrong", sign: "!", text: filled(texts.signed_out, { n: waiting }) };
  if (link === "down") {
    const text = waiting ? filled(texts.no_connection_waiting, { n: waiting }) : texts.no_connection;
    return { tone: "wrong", sign: "×", text };
  }
  if (waiting) return { tone: "attention", sign: "↑", text: filled(texts.waiting, { n: waiting }) };
  return savedAt ? { tone: "quiet", sign: "✓", text: filled(texts.saved, { time: savedAt }) } : null;
}

function showQueue(place, state, texts) {
  const words = queueWords(state, texts);
  place.className = `queue ${words?.tone ?? "quiet"}`;
  place.textContent = words ? `${words.sign} ${words.text}` : "";
}

const QUIET = 1_500; // ms without a key or a reply before the page is drawn again
const APART = 1_000; // ms between two elements: a full run and a fragment's must not overtake each other
const ASK_AGAIN = 6_000;

// Tells Python, once things are quiet, that there is something new to draw: `confirmed` counts what the server
// took of this element. It is a state and no trigger: a trigger is lost while the websocket is closed, a state
// travels with whatever run comes next. Python hands back what it knows (`known`); while that differs, it is told
// again. The element in the bar counts what waits instead (`watched`), for the page that submits.
class QueueReport {
  constructor(queue, watched = ["confirmed"]) {
    this.queue = queue;
    this.taps = theTaps();
    this.watched = watched;
    this.confirmed = 0;
    this.reconnected = 0;
    this.clock = null;
  }

  drawn(known, setStateValue) {
    this.setStateValue = setStateValue;
    this.known = { confirmed: 0, reconnected: 0, ...known };
    this.confirmed = Math.max(this.confirmed, this.known.confirmed);
    this.reconnected = Math.max(this.reconnected, this.known.reconnected);
    this.soon();
  }

  somethingHeld() {
    this.confirmed += 1;
  }

  soon(wait = QUIET) {
    clearTimeout(this.clock);
    this.clock = setTimeout(() => this.tellPython(), wait);
  }

  tellPython() {
    if (!this.setStateValue) return;
    const { waiting, refused, link } = this.queue.state();
    const { confirmed, reconnected } = this;
    const now = { waiting, refused, confirmed, reconnected };
    if (this.watched.every((name) => this.known[name] === now[name])) return;
    if (this.taps.isUnderWay()) {
      this.soon();
      return;
    }
    const sinceAnother = performance.now() - (this.queue.toldPythonAt ?? -APART);
    if (sinceAnother < APART) {
      this.soon(APART - sinceAnother);
      return;
    }
    // A page that cannot be reached is not told; it asks again.
    if (link === "up" || this.known.waiting === undefined) {
      this.queue.toldPythonAt = performance.now();
      this.setStateValue("queue", now);
    }
    this.soon(ASK_AGAIN);
  }

  stop() {
    clearTimeout(this.clock);
  }
}
