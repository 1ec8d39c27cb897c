// Streamlit calls the default export at every drawing and its last cleanup once, when the element goes.
function elementOf(Element) {
  const shown = new WeakMap();
  return ({ data, parentElement, setStateValue }) => {
    if (!shown.has(parentElement)) shown.set(parentElement, new Element(parentElement));
    const element = shown.get(parentElement);
    element.receive(data, setStateValue);
    return () => {
      shown.delete(parentElement);
      element.leave();
    };
  };
}
