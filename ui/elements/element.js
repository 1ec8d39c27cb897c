// Streamlit calls the default export at every drawing and its last cleanup once, when the element goes. What the
// server tells comes as the bytes of a JSON text: it keeps the long parts written.
function elementOf(Element) {
  const shown = new WeakMap();
  const decoder = new TextDecoder();
  return ({ data: bytes, parentElement, setStateValue }) => {
    const data = JSON.parse(decoder.decode(bytes));
    if (!shown.has(parentElement)) shown.set(parentElement, new Element(parentElement));
    const element = shown.get(parentElement);
    element.receive(data, setStateValue);
    return () => {
      shown.delete(parentElement);
      element.leave();
    };
  };
}
