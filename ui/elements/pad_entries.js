// Entries that one key makes: none here, same as last, skipped, one side of a conflict.

class PadEntries {
  constructor(queue, model) {
    Object.assign(this, { queue, model });
  }

  // What every entry carries besides its value: the stable codes of unit and source.
  rest(fieldId) {
    return { unit: this.model.field(fieldId)?.unit ?? null, source: this.model.data.source };
  }

  set(row, lot, field, value) {
    const seen = this.model.seen(row, lot, field);
    putAtOnce(this.queue, this.model.cell(row.id, lot, field), seen, value, this.rest(field));
  }

  // A product that gets a value is no longer left out.
  notSkipped(row) {
    if (this.model.skipped(row)) this.set(row, null, this.model.skipField, null);
  }

  noneHere(row) {
    const lots = row.keeps_lots ? this.model.lots(row).map((lot) => lot.id) : [];
    for (const lot of lots.length ? lots : [null]) for (const { id } of this.model.fields) this.set(row, lot, id, 0);
    this.notSkipped(row);
  }

  sameAsLast(row, field) {
    this.set(row, null, field, row.values[field].last);
    this.notSkipped(row);
  }

  // Skipping says: not today. What was typed for the product goes, so that it is not both. The same key takes
  // the skipping back.
  skip(row) {
    if (this.model.skipped(row)) return this.set(row, null, this.model.skipField, null);
    for (const lot of [null, ...this.model.lots(row).map((one) => one.id)]) {
      for (const { id } of this.model.fields) this.set(row, lot, id, null);
    }
    return this.set(row, null, this.model.skipField, true);
  }

  answer({ row, lot, field, version }, value) {
    const cell = this.model.cell(row, lot, field);
    putAtOnce(this.queue, cell, { value: undefined, version }, value, this.rest(field));
  }
}
