// Numbers as they are typed, pasted and shown.

// Full-width digits and the punctuation of a Chinese keyboard become plain ones.
const plain = (text) => text.normalize("NFKC").replaceAll("。", ".").replaceAll("、", ",");

// What is typed on the pad, digit by digit: "", "4", "48.", "48.5". An empty field is no value, not 0.
function typedValue(text) {
  return /\d/.test(text) ? Number(text) : null;
}

// The text after one more key, or null when the key cannot stand there.
function withKey(text, key, { decimals, maximum }) {
  if (key === "." && (decimals === 0 || text.includes("."))) return null;
  const next = key === "." && text === "" ? "0." : text === "0" && key !== "." ? key : text + key;
  const tooFine = (next.split(".")[1] ?? "").length > decimals;
  return tooFine || Number(next) > maximum ? null : next;
}

// A pasted number, or null when it is none that this field can take. "23,4" is 23.4, "1,234" is 1234 where no
// three decimals are asked for, "１２" is 12. Nothing is rounded: a number that is too fine is refused.
function pastedText(pasted, field) {
  let text = plain(pasted).replace(/[\s¥￥$€]/g, "");
  const lastComma = text.lastIndexOf(",");
  const lastPoint = text.lastIndexOf(".");
  const grouped = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) && !(field.decimals >= 3 && lastPoint < 0);
  if (grouped || (lastComma >= 0 && lastPoint > lastComma)) text = text.replaceAll(",", "");
  else if (lastPoint >= 0 && lastComma > lastPoint) text = text.replaceAll(".", "").replace(",", ".");
  else if (lastComma >= 0) text = text.replace(",", ".");
  if (!/^\d+(\.\d*)?$/.test(text)) return null;
  const [whole, fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "");
  const tidy = whole.replace(/^0+(?=\d)/, "") + (kept ? `.${kept}` : "");
  return kept.length > field.decimals || Number(tidy) > field.maximum ? null : tidy;
}

// As it stands in a cell: prices with at least one decimal.
function shownNumber(value, { decimals }) {
  const text = String(value);
  return decimals > 0 && !text.includes(".") ? `${text}.0` : text;
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// The due month of a lot, typed as four digits: "0326" → "2026-03"; null while it is no month.
function monthOf(digits) {
  return /^(0[1-9]|1[0-2])\d\d$/.test(digits) ? `20${digits.slice(2)}-${digits.slice(0, 2)}` : null;
}

const monthShown = (month) => `${month.slice(5)}/${month.slice(2, 4)}`;
