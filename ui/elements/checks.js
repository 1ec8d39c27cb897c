// The check column: what the pad says about a row the moment it is typed.
//
// A tone is a colour and never alone: each has its sign or its word.

const near = (value, reference) => value >= reference / 2 && value <= reference * 2;

function inPieces(fields, row, values) {
  let pieces = 0;
  for (const field of fields) pieces += (values[field.id] ?? 0) * (field.holds === "pack" ? row.pack : 1);
  return pieces;
}

// "−1c12b": whole packs and single pieces, with a real minus.
function packsAndPieces(difference, fields, row) {
  const size = Math.abs(difference);
  const packField = fields.find((field) => field.holds === "pack");
  const pieceField = fields.find((field) => field.holds === "piece");
  const packs = packField ? Math.floor(size / row.pack) : 0;
  const pieces = packField ? size - packs * row.pack : size;
  const sign = difference < 0 ? "−" : "+";
  const parts = [packs ? `${packs}${packField.short}` : "", pieces ? `${pieces}${pieceField?.short ?? ""}` : ""];
  return sign + parts.join("");
}

// `lines`: the values of the row itself and of each of its lots, field → value or null.
function countCheck(row, lines, { fields, texts, tolerance }) {
  const counted = lines.some((values) => fields.some((field) => values[field.id] != null));
  if (!counted) return { text: texts.open, tone: "quiet" };
  if (row.expected == null) return { text: "✓", tone: "good" };
  const total = lines.reduce((sum, values) => sum + inPieces(fields, row, values), 0);
  const difference = total - row.expected;
  if (difference === 0) return { text: "✓", tone: "good" };
  const text = packsAndPieces(difference, fields, row);
  const within = Math.abs(difference) <= Math.max(row.pack, tolerance * row.expected);
  if (within) return { text, tone: "good" };
  return { text, tone: "attention", question: near(total, row.expected) ? "" : texts.really };
}

// `references`: field → {last, market}; `values`: field → value or null.
function priceCheck(values, references, { fields, texts, tolerance }) {
  let worst = null;
  let entered = false;
  for (const field of fields) {
    const value = values[field.id];
    const { last, market } = references[field.id] ?? {};
    if (value == null) continue;
    entered = true;
    if (last && !near(value, last)) return { text: texts.really, tone: "attention" };
    const deviation = market ? value / market - 1 : 0;
    if (Math.abs(deviation) > tolerance && Math.abs(deviation) > Math.abs(worst ?? 0)) worst = deviation;
  }
  if (!entered) return { text: "", tone: "quiet" };
  if (worst === null) return { text: "✓", tone: "good" };
  const percent = `${(Math.abs(worst) * 100).toFixed(1)} %`;
  return worst < 0
    ? { text: `▼ ${percent}`, tone: "attention", spoken: filled(texts.below, { percent }) }
    : { text: `▲ ${percent}`, tone: "high", spoken: filled(texts.above, { percent }) };
}
