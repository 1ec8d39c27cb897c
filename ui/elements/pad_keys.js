// The keys: as on a telephone, with the four that carry a count along in a column of their own. A key acts when
// it is pressed, not when it is let go, so that two thumbs may overlap; a click without a press before it comes
// from a keyboard or a screen reader and acts too.

const BACKSPACE =
  '<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.8" ' +
  'aria-hidden="true"><path d="M8 5h12.5v14H8L2 12z"/><path d="m11 9 6 6m0-6-6 6"/></svg>';

function onPress(button, act) {
  let pressed = false;
  button.onpointerdown = (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // the focus stays where it is, or Enter would press this key again
    pressed = true;
    act();
  };
  button.onclick = () => {
    if (!pressed) act();
    pressed = false;
  };
}

class PadKeys {
  constructor(place, press) {
    Object.assign(this, { place, press });
  }

  // Keys in reading order, four a line; `act` is the code that `press` gets.
  layout(kind, texts, fields) {
    const fourth =
      kind === "count"
        ? [
            fields.length > 1
              ? { act: "switch", text: `${fields[0].label} ⇄ ${fields[1].label}` }
              : { act: "previous", text: `‹ ${texts.previous}` },
            { act: "none", text: texts.none_here },
            { act: "skip", text: texts.skip },
            { act: "next", text: `${texts.next} ›` },
          ]
        : [
            { act: "previous", text: `‹ ${texts.previous}` },
            { act: "same", text: texts.same_as_last },
            { act: "skip", text: texts.skip },
            { act: "next", text: `${texts.next} ›` },
          ];
    const corner = fields.some((field) => field.decimals > 0)
      ? { act: ".", text: ".", name: texts.point }
      : { act: "previous", text: "↑", name: texts.previous };
    const back = { act: "back", text: "", name: texts.backspace };
    const digits = (three) => three.map((digit) => ({ act: digit, text: digit }));
    const lines = [digits(["1", "2", "3"]), digits(["4", "5", "6"]), digits(["7", "8", "9"])];
    lines.push([back, { act: "0", text: "0" }, corner]);
    return lines.flatMap((line, index) => [...line, fourth[index]]);
  }

  draw(kind, texts, fields) {
    const layout = this.layout(kind, texts, fields);
    const shape = JSON.stringify(layout);
    if (shape === this.shape) return;
    this.shape = shape;
    this.place.setAttribute("aria-label", texts.keys);
    this.place.replaceChildren(...layout.map((key) => this.key(key)));
  }

  key({ act, text, name }) {
    const key = make("button", /^[\d.]$|^back$/.test(act) || text === "↑" ? "key" : "key word", text);
    key.type = "button";
    key.dataset.act = act;
    if (act === "back") key.innerHTML = BACKSPACE;
    if (act === "next") key.classList.add("primary");
    if (name) key.setAttribute("aria-label", name);
    onPress(key, () => this.press(act));
    return key;
  }

  find(act) {
    return this.place.querySelector(`[data-act="${act}"]`);
  }

  // What changes with the cursor: where "next" leads, and whether there is a last value to repeat.
  follow({ next, sameAsLast }) {
    const nextKey = this.find("next");
    if (nextKey.textContent !== `${next} ›`) nextKey.textContent = `${next} ›`;
    const same = this.find("same");
    if (same) same.disabled = !sameAsLast;
  }
}

const NAMED_KEYS = {
  Enter: "next",
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
  Backspace: "back",
  Delete: "clear",
};

const TYPES_ITSELF = "input, textarea, select, [contenteditable='true'], [contenteditable='']";

// The key of the pad that a physical key stands for, or null when the key is not meant for the pad.
function physicalKey(event, pad) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const [target] = event.composedPath();
  if (target.matches?.(TYPES_ITSELF)) return null;
  // A keyboard set to Chinese reports "Process" and tells the digit by its place alone.
  const inComposition = event.key === "Process" && /^(Digit|Numpad)(\d)$/.exec(event.code);
  const key = inComposition ? inComposition[2] : plain(event.key);
  if (/^\d$/.test(key)) return key;
  if (key === "." || key === "," || event.code === "NumpadDecimal") return ".";
  const elsewhere = target !== document.body && !event.composedPath().includes(pad);
  const onButton = event.key === "Enter" && target.matches?.("button");
  return elsewhere || onButton ? null : (NAMED_KEYS[event.key] ?? null);
}

const HAND = "fieldvisit.hand";

// Which hand is a matter of the tablet. A browser that keeps nothing forgets it with the page.
let handOfThisPage = "right";

function storedHand() {
  try {
    return localStorage.getItem(HAND) ?? handOfThisPage;
  } catch {
    return handOfThisPage;
  }
}

function storeHand(hand) {
  handOfThisPage = hand;
  try {
    localStorage.setItem(HAND, hand);
  } catch (problem) {
    console.info("The hand is kept for this page only:", problem.name);
  }
}
