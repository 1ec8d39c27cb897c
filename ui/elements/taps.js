// A tap is under way until the page has run. News told meanwhile would carry the address that the tap is about to
// leave: Streamlit would draw that page once more, or run a part of it that is there no longer and leave the page
// empty. So news waits for the tap.

const TAPS = Symbol.for("fieldvisit.taps");
const LONGEST_TAP = 10_000; // ms; not every tap makes the page run

class Taps {
  constructor() {
    this.tappedAt = -LONGEST_TAP;
    document.addEventListener("click", (event) => this.clicked(event), true);
    const attributeFilter = ["data-test-script-state"];
    new MutationObserver(() => this.ran()).observe(document, { subtree: true, attributes: true, attributeFilter });
  }

  clicked(event) {
    const path = event.composedPath();
    // The keys and buttons of our own elements lead nowhere.
    const isOurs = path.some((one) => one instanceof ShadowRoot);
    if (!isOurs && path[0].closest?.("button, a")) this.tappedAt = performance.now();
  }

  ran() {
    if (this.state() === "notRunning") this.tappedAt = -LONGEST_TAP;
  }

  state() {
    return document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
  }

  isUnderWay() {
    return this.state() === "running" || performance.now() - this.tappedAt < LONGEST_TAP;
  }
}

// One for all elements of a page, however many modules they are.
function theTaps() {
  globalThis[TAPS] ??= new Taps();
  return globalThis[TAPS];
}
