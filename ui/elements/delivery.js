// How entries, photos and signatures reach the server.
//
// By POST, not by Streamlit's trigger. A trigger is lost without a word while the websocket is closed, waits
// behind a running script, and can only be acknowledged by another run of the page. A POST answers by itself:
// the reply names the ids that the server holds, it works while the script is busy, and with `keepalive` it
// leaves even while the page is going away. Streamlit is only told, once typing rests, that there is something
// new to draw (QueueReport in words.js).
//
//   POST /entries      {"entries": [{id, user, visit, row, lot, field, value, unit, source, base, at}, …]}
//     200 {"held": [id, …], "rejected": [{"id", "reason"}, …], "saved_at": "10:32",
//          "conflicts": [{visit, row, lot, field, value, version, by, proposed, proposed_by}, …]}
//   POST /attachments?id=…&visit=…&kind=photo|signature&subject=…   (the bytes as body)
//     200 {"held": id}
//   401 or 403, or a redirect to the sign-in page: signed out; everything stays.
//   Any other 4xx: the server refuses what was sent; it is sent one by one to find the culprit.
//
// The same entry may arrive twice, even at the same moment (a page that goes away sends again what is under
// way): the server keeps it once by its id, and names it as held both times.

const REPLY_WITHIN = { entries: 8_000, attachments: 120_000 };
const KEEPALIVE_BYTES = 60_000; // browsers refuse more than 64 KiB in a request that outlives its page
const TRY_LATER = [408, 425, 429];

async function post(url, body, { type, within, leaving = false }) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), within);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": type },
      body,
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      keepalive: leaving,
      signal: stop.signal,
    });
    const { status } = response;
    if (response.type === "opaqueredirect" || status === 401 || status === 403) return { kind: "signed out" };
    if (status >= 400 && status < 500 && !TRY_LATER.includes(status)) return { kind: "refused", status };
    if (status !== 200) return { kind: "no connection" };
    const reply = await response.json();
    return reply?.held ? { kind: "held", reply } : { kind: "no connection" };
  } catch (problem) {
    // Refused, cut, black-holed, or a hotel's own page in place of ours: nothing was confirmed.
    return { kind: "no connection", problem };
  } finally {
    clearTimeout(clock);
  }
}

function entriesPost(url, entries, leaving) {
  return post(url, JSON.stringify({ entries }), {
    type: "application/json",
    within: REPLY_WITHIN.entries,
    leaving,
  });
}

function attachmentPost(url, { id, visit, kind, subject, blob }) {
  const query = new URLSearchParams({ id, visit, kind, subject });
  return post(`${url}?${query}`, blob, { type: blob.type, within: REPLY_WITHIN.attachments });
}

// The first of `entries` that fit into one request, at least one.
function oneBatch(entries, most, bytes) {
  const batch = [];
  let size = 0;
  for (const entry of entries.slice(0, most)) {
    size += new Blob([JSON.stringify(entry)]).size + 1;
    if (batch.length && size > bytes) break;
    batch.push(entry);
  }
  return batch;
}
