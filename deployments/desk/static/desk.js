// The desk's pages: signing in, acts that are shown before they are signed, and pages that follow
// the record without losing what somebody is typing.
"use strict";

const meta = (name) => document.querySelector(`meta[name="termgate-${name}"]`)?.content ?? "";
const words = Object.fromEntries([...document.querySelectorAll("#words dt")].map(
  (one) => [one.textContent, one.nextElementSibling.textContent]));
const said = (error) => words[error.message] ?? error.message;

async function post(path, content) {
  const body = content instanceof Blob ? content : JSON.stringify(content);
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body,
      headers: { "Content-Type": "application/json", "X-Termgate-Token": meta("token") } });
  } catch {
    throw new Error("no-answer");
  }
  const reply = await answer.json();
  if (!answer.ok) throw new Error(reply.code === "other-delivery" ? reply.code : reply.text);
  return reply;
}

// What is about to be signed, from its own bytes, and whether it is what was asked for.
function flat(statement) {
  return { predicateType: statement.predicateType, ...statement.predicate,
    evidence: statement.subject[0].digest.sha256 };
}
// Of each register, how, and which rows are taken.
const takes = (parts) => JSON.stringify(parts.map((one) => [one.register, one.mode, one.rows]));
// What somebody wrote is shown as they wrote it, if it is what they sign the digest of.
async function written(text, digest) {
  if (await Keys.name(new TextEncoder().encode(text.trim())) !== digest) throw new Error("other-statement");
  return named(text.trim(), digest);
}
async function checked(shown, officer, wanted) {
  // Each part of a delivery is of the very file that is held here.
  const own = wanted.sheet && await Keys.name(Keys.bytes(wanted.sheet.content));
  if (own && !shown.registers?.every((part) => part.source === own)) throw new Error("other-statement");
  // Something may have come since it was looked at.
  if (own && takes(shown.registers) !== takes(Keys.read(wanted.looked).predicate.registers)) throw new Error("other-delivery");
  const same = Object.entries(wanted).every(([name, value]) => !(name in shown) || name === "reason"
    || String(shown[name]) === String(value));
  if (!same || shown.cycle !== meta("cycle")) throw new Error("other-statement");
  if ((shown.by ?? shown.officer) !== officer) throw new Error("other-statement");
  // Of a key, its fingerprint: that is what two people compare.
  for (const name of PUBLIC.filter((one) => shown[one])) {
    const key = await Keys.name(Keys.bytes(shown[name]));
    if (name === "public" && wanted.key && wanted.key !== key) throw new Error("other-statement");
    shown[name] = fingerprint(key);
  }
  if (wanted.reason && shown.reason) shown.reason = await written(wanted.reason, shown.reason);
  if (wanted.seq) shown.entry = wanted.seq;
  return shown;
}
// As `schemas.envelopes.fingerprint`.
const PUBLIC = ["public", "previous"], fingerprint = (name) => name.slice(0, 32).match(/.{4}/g).join("-");
const named = (called, value) => document.documentElement.lang === "en" ? `${called} (${value})` : `${called}（${value}）`;
// What a delivery has for one register.
function part(one) {
  return Object.entries(one).filter(([, value]) => value !== null).map(([name, value]) => {
    const called = words[`${name}=${value}`];
    return `${words[name] ?? name} ${called ? named(called, value) : value}`;
  }).join(" · ");
}
const called = (name, code) => words[`${name}=${code}`] ?? code;
// How many of each kind: of a check its subjects by what was found, of a register its rows by what became of them.
function counted(of, name, kind) {
  return Object.entries(of).map(([code, by]) => words.of.replace("%1", called(name, code)).replace("%2",
    Object.entries(by).map(([one, number]) => `${called(kind, one)} ${number}`).join(" · "))).join("\n");
}
const counts = {
  findings: (of) => counted(of, "check", "status"),
  since: ({ entry, changes }) => `${words["since-entry"]}${entry}\n${counted(changes, "register", "change") || words["no-row"]}`,
};
// A statement, line by line; what is empty is left out.
function lines(shown) {
  const order = Object.keys(words), place = ([name]) => (order.indexOf(name) + 1 || Infinity);
  const found = Object.entries(shown).filter(([, value]) => value !== "" && value !== null).sort((one, other) => place(one) - place(other));
  return found.flatMap(([name, value]) => {
    const term = document.createElement("dt"), text = document.createElement("dd");
    const known = words[`${name}=${value}`];
    term.textContent = words[name] ?? name;
    text.textContent = counts[name]?.(value)
      ?? (Array.isArray(value) ? value.map(part).join("\n") : known ? named(known, value) : value);
    return [term, text];
  });
}
// The officer's key, once they have seen the statements and what would be lost, and say that they sign each.
function confirmed(officer, warnings, ...statements) {
  const dialog = document.getElementById("signing"), list = document.getElementById("statement");
  const apart = () => Object.assign(document.createElement("dt"), { className: "apart" });
  list.replaceChildren(...statements.flatMap((shown, place) => [...(place ? [apart()] : []), ...lines(shown)]));
  document.getElementById("warnings").replaceChildren(...warnings.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  const passphrase = document.getElementById("passphrase"), error = document.getElementById("signing-error");
  return new Promise(async (done, failed) => {
    let key = await Keys.at_hand(officer);
    document.getElementById("unlock").hidden = key !== null;
    passphrase.required = key === null;
    passphrase.value = error.textContent = "";
    const form = dialog.querySelector("form");
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (event.submitter?.value !== "sign") return dialog.close();
      try {
        key ??= await Keys.unlock(officer, passphrase.value);
        form.onsubmit = null;
        dialog.onclose = null;
        dialog.close();
        done(key);
      } catch (fault) {
        error.textContent = said(fault);
      }
    };
    dialog.onclose = () => failed(new Error("cancelled"));
    dialog.showModal();
    // What is signed is read first: nothing is signed by pressing Enter on what has just opened.
    document.getElementById("signing-title").focus();
  });
}

async function perform(form) {
  const { act, ...data } = form.dataset, officer = meta("officer"), held = sheets.get(form.closest(".sheet"));
  const given = { ...data, ...Object.fromEntries(new FormData(form)), ...(held && { sheet: held.sheet, replaces: held.replaces }) };
  if ("seq" in given) given.seq = Number(given.seq);
  const asked = await post(`/acts/${act}`, given);
  const shown = await checked(flat(Keys.read(asked.payload)), officer, { ...given, looked: held?.payload });
  const key = await confirmed(officer, held?.warnings ?? asked.warnings, shown);
  const envelope = await Keys.sealed(asked.payload, key);
  return post(`/acts/${act}`, { ...given, at: asked.at, envelope });
}

// Gates that are signed together: each was on the screen to its end, and gets a signature of its own,
// if what would be signed is still what was shown.
const unseen = new Set();
let seeing = null;
function watch() {
  seeing?.disconnect();
  unseen.clear();
  seeing = new IntersectionObserver((found) => {
    found.filter((one) => one.isIntersecting).forEach((one) => unseen.delete(one.target));
    const notice = document.getElementById("unseen-yet");
    if (notice) notice.hidden = unseen.size === 0;
  });
  document.querySelectorAll(".to-sign .signed").forEach((one) => {
    unseen.add(one);
    seeing.observe(one);
  });
}
watch();
async function together(form) {
  if (unseen.size) throw new Error("not-seen");
  const officer = meta("officer"), asked = [];
  for (const section of document.querySelectorAll(".to-sign:not(.done)")) {
    const { unit, stage, evidence } = section.dataset, gate = { unit, stage };
    try {
      const { at, payload } = await post("/acts/sign", gate);
      const shown = await checked(flat(Keys.read(payload)), officer, { ...gate, evidence, decision: "open" });
      asked.push({ section, gate, at, payload, shown });
    } catch (fault) {
      section.querySelector(".signed").textContent = said(fault);
    }
  }
  if (!asked.length) return;
  const key = await confirmed(officer, [], ...asked.map((one) => one.shown));
  for (const { section, gate, at, payload } of asked) {
    const notice = section.querySelector(".signed");
    try {
      const { seq } = await post("/acts/sign", { ...gate, at, envelope: await Keys.sealed(payload, key) });
      notice.textContent = words.signed + seq;
      section.classList.add("done");
    } catch (fault) {
      notice.textContent = said(fault);
    }
  }
  form.querySelector("button").hidden = !document.querySelector(".to-sign:not(.done)");
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.act, #sign-in, #enrol, #launch, #receipt, #choose, #sign-list, form.mend")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  told(form, "");
  button.disabled = true;
  try {
    if (form.id === "sign-in") await enter(form);
    else if (form.id === "enrol") await enrol(form);
    else if (form.id === "launch") await launch(form);
    else if (form.id === "receipt") await look(form);
    else if (form.id === "choose") await choose(form);
    else if (form.id === "sign-list") await together(form);
    else if (form.matches("form.mend")) await mend(form);
    else if (form.dataset.act === "deliver") await deliver(form);
    else {
      await perform(form);
      form.reset();
      await renew();
    }
  } catch (fault) {
    if (fault.message === "cancelled") return;
    told(form, said(fault));
    // What was refused may have been offered by a page that is no longer true.
    if (follows && form.matches("form.act") && fault.message !== "no-answer") await renew();
  } finally {
    button.disabled = false;
    stand(form, button);
  }
});

// Why something was not done: on a page that follows the record above it, where it stays until it is
// dismissed or something else is done; elsewhere beside its form.
const follows = Boolean(meta("officer")) && !document.getElementById("choose");
const refusal = document.getElementById("refusal");
function told(form, text) {
  if (!follows) return void (form.querySelector(".error").textContent = text);
  refusal.querySelector("span").textContent = text;
  refusal.hidden = !text;
  if (text) refusal.focus();
}
document.getElementById("dismiss").addEventListener("click", () => {
  refusal.hidden = true;
  to_heading();
});

// Whoever stands nowhere after that, by the keyboard, stands where they were: on what they pressed,
// on what does the same in the page as it is now, else at its heading.
function stand(form, button) {
  const nowhere = () => document.activeElement === document.body || !document.activeElement?.checkVisibility();
  if (!nowhere()) return;
  const alike = [...main.querySelectorAll("form")].find((one) => name_of(one) === name_of(form));
  (button.isConnected ? button : alike?.querySelector("button"))?.focus();
  if (nowhere()) to_heading();
}
function to_heading() {
  const heading = main.querySelector("h1") ?? main;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
const name_of = (form) => form.id || form.action + JSON.stringify({ ...form.dataset });

async function enter(form) {
  const given = new FormData(form), officer = given.get("officer"), file = given.get("file");
  const text = file && file.size ? await Keys.text_of(file) : undefined;
  const opened = await Keys.open(officer, given.get("passphrase"), text);
  const { payload } = await post("/challenge", { officer });
  const asked = Keys.read(payload);
  if (asked._type !== "urn:termgate:session:1" || asked.officer !== officer
    || asked.origin !== location.origin || asked.cycle !== meta("cycle")) throw new Error("other-statement");
  const envelope = await Keys.sealed(payload, opened.key);
  const { href } = await post("/enter", { officer, challenge: asked.challenge, envelope });
  await Keys.entered(officer, opened);
  location.assign(href);
}

async function enrol(form) {
  const given = new FormData(form), officer = given.get("officer");
  if (given.get("passphrase") !== given.get("again")) throw new Error("differing");
  const { file, key } = await Keys.make(officer, given.get("passphrase"));
  const wanted = { officer, public: Keys.base64(key.publicKey) };
  const asked = await post("/acts/enrol", wanted);
  await checked(flat(Keys.read(asked.payload)), officer, { ...wanted, act: "enrol" });
  await post("/acts/enrol", { ...wanted, at: asked.at, envelope: await Keys.sealed(asked.payload, key) });
  await Keys.made(officer, { file, key });
  document.getElementById("fingerprint").textContent = fingerprint(await Keys.name(key.publicKey));
  const link = document.getElementById("download");
  link.href = URL.createObjectURL(new Blob([file], { type: "application/x-pem-file" }));
  link.download = `${officer}.key`;
  document.getElementById("enrolled").hidden = false;
}

async function launch(form) {
  location.assign((await post("/launch", Object.fromEntries(new FormData(form)))).href);
}

async function look(form) {
  const proven = document.getElementById("proven");
  proven.textContent = "";
  // No proof is so large: of anything else the beginning says what it is.
  const file = new FormData(form).get("file").slice(0, BEGINNING);
  await keeps_keys(file);
  proven.textContent = (await post("/proof", file)).text;
}

// Files that are handed in: each stays here, and is sent along with whatever is done about it.
const sheets = new Map(), LARGEST = 9e6;
async function looked(sheet, mends, place) {
  const { page, ...held } = await post("/hand-in/look", { sheet, mends });
  const section = new DOMParser().parseFromString(page, "text/html").querySelector(".sheet");
  sheets.delete(place);
  sheets.set(section, held);
  if (place) place.replaceWith(section);
  else document.getElementById("handed").append(section);
  stack();
  section.querySelector("button.take")?.addEventListener("click", () => take(held.rejected));
  section.tabIndex = -1;
  section.focus();
  return section;
}
// A key that is dropped by mistake stays with whom it is of.
const BEGINNING = 60000, SECRET = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
async function keeps_keys(file) {
  if (SECRET.test(await file.slice(0, BEGINNING).text())) throw new Error("private-key");
}
async function choose(form) {
  const { goes_to, withdraw } = Object.fromEntries(new FormData(form));
  for (const file of form.elements.files.files) {
    if (file.size > LARGEST) throw new Error("too-large");
    await keeps_keys(file);
    const content = Keys.base64(await file.arrayBuffer());
    await looked({ name: file.name, content, goes_to, withdraw: withdraw === "on" }, []);
  }
  form.reset();
}
async function mend(form) {
  const changed = [...form.querySelectorAll("[data-at]")].filter((one) => one.options ? one.selectedIndex : one.value !== one.defaultValue);
  const section = form.closest(".sheet"), mends = changed.map((one) => ({ goes_to: one.dataset.register,
    row: Number(one.dataset.row), at: Number(one.dataset.at), value: one.value }));
  await looked(sheets.get(section).sheet, mends, section);
}
// A day is picked into the cell before it, in which it may be typed too.
document.addEventListener("change", ({ target }) => {
  if (target.matches("input.picks") && target.value) target.previousElementSibling.value = target.value;
});
// What came back is a file of its own once the rest is on record.
async function deliver(form) {
  const section = form.closest(".sheet"), { sheet, rejected } = sheets.get(section);
  const { seq } = await perform(form).catch(async (fault) => {
    // What would be taken by now is looked at before it is signed.
    if (fault.message !== "other-delivery") throw fault;
    const again = await looked(sheet, [], section), why = document.createElement("p");
    Object.assign(why, { className: "warn", textContent: said(fault) }).setAttribute("role", "alert");
    again.querySelector("h2").after(why);
    throw new Error("cancelled");
  }), line = document.createElement("p"), link = document.createElement("a");
  link.href = `/history?since=${seq}`;
  link.textContent = words.done + seq;
  line.append(link, rejected.content ? ` · ${words["came-back"]}` : "");
  line.className = "note";
  line.setAttribute("role", "status");
  section.querySelectorAll("form").forEach((one) => one.remove());
  section.append(line);
  section.focus();
  sheets.delete(section);
  if (rejected.content) await looked({ ...sheet, ...rejected }, []);
}
const take = ({ name, content }) => save(name, new Blob([Keys.bytes(content)]));
function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
}
// They are dropped anywhere onto a page that takes files.
const taker = () => document.querySelector("form.drop");
document.addEventListener("dragover", (event) => taker() && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!taker()) return;
  event.preventDefault();
  taker().querySelector("[type=file]").files = event.dataTransfer.files;
  taker().requestSubmit();
});

// An export that takes long is made while the page stays of use, and says how far it is.
const EXPORTS = "a[href='/export/html'], a[href='/export/xlsx'], a[href='/export/sqlite'], a[href='/export/bundle']";
const exporting = document.getElementById("exporting");
let making = false;
document.addEventListener("click", (event) => {
  const link = event.target.closest(EXPORTS);
  if (!link) return;
  event.preventDefault();
  if (!making) exported(link.getAttribute("href"));
});
async function exported(path) {
  const label = exporting.querySelector("span"), bar = exporting.querySelector("progress");
  const asking = setInterval(async () => {
    const { text, done, of } = await (await fetch(`${path}/progress`)).json();
    label.textContent = text ? `${text} ${done}/${of}` : "";
    if (of) Object.assign(bar, { max: of, value: done });
  }, 1000);
  making = true;
  bar.removeAttribute("value");
  label.textContent = "";
  exporting.hidden = false;
  try {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error("no-answer");
    const name = decodeURIComponent(answer.headers.get("Content-Disposition").split("''")[1]);
    save(name, await answer.blob());
    exporting.hidden = true;
  } catch {
    label.textContent = words["no-answer"];
  } finally {
    clearInterval(asking);
    making = false;
  }
}
document.getElementById("leave")?.addEventListener("click", async () => {
  await Keys.forget();
  location.assign((await post("/leave", {})).href);
});

// The page follows the record; while somebody types or has something open, it only says so.
const main = document.getElementById("main"), moved = document.getElementById("moved");
async function renew() {
  await follow(() => false);
}
async function follow(busy) {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Somebody may have begun to type since the page was asked for.
  if (busy()) return void (moved.hidden = false);
  // What is no page of ours, as when the desk has a fault, takes nothing away from who reads.
  const found = page.getElementById("main");
  if (!found) return void (moved.hidden = false);
  const back = focused(), type = typed();
  main.replaceChildren(...found.childNodes);
  moved.hidden = true;
  stack();
  type();
  back();
  fillers().forEach(fill);
  watch();
}
// What was typed and not sent stands there afterwards too.
const fields = () => [...main.querySelectorAll("form input, form select")].filter((one) => one.name && one.type !== "file");
const of_field = (one) => `${name_of(one.form)} ${one.name}`;
function typed() {
  const found = new Map(fields().filter((one) => one.options ? !one.selectedOptions[0]?.defaultSelected
    && one.selectedIndex > 0 : one.value !== one.defaultValue).map((one) => [of_field(one), one.value]));
  return () => fields().forEach((one) => found.has(of_field(one)) && (one.value = found.get(of_field(one))));
}
// Whoever stands on a button or a link by the keyboard stands there afterwards too.
function focused() {
  const one = document.activeElement, within = (place) => `${place.closest("form")?.outerHTML} ${place.outerHTML}`;
  if (one === main || !main.contains(one)) return () => {};
  const before = within(one), alike = () => [...main.querySelectorAll(one.tagName)].find((other) => within(other) === before);
  return () => (one.tagName === "H1" ? to_heading() : (alike() ?? { focus: to_heading }).focus({ preventScroll: true }));
}
// On a telephone a row stands as a list, each cell beneath the heading of its column; it stays a row
// to whoever listens. Of many columns, people look along them.
const COLUMNS = 8;
function stack() {
  for (const table of document.querySelectorAll("main table:not(.board, .stacks)")) {
    const headings = [...table.querySelectorAll("thead th")].map((one) => one.textContent.trim());
    if (!headings.length || headings.length > COLUMNS) continue;
    table.classList.add("stacks");
    table.setAttribute("role", "table");
    table.querySelectorAll("tbody tr").forEach((row) => {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, place) => {
        cell.dataset.heading = headings[place];
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      });
    });
  }
}
stack();
// What takes longer to work out is fetched by itself, what is closed when somebody opens it.
async function fill(place) {
  if (place.dataset.filled || place.open === false) return;
  place.dataset.filled = "yes";
  const page = new DOMParser().parseFromString(await (await fetch(place.dataset.from)).text(), "text/html");
  const found = page.querySelector(".from") ?? page.querySelector("h1");
  place.replaceChildren(...place.querySelectorAll("summary"), found);
  stack();
}
const fillers = () => document.querySelectorAll("[data-from]");
fillers().forEach(fill);
document.addEventListener("toggle", ({ target }) => target.matches("[data-from]") && fill(target), true);
document.getElementById("renew")?.addEventListener("click", renew);
function busy() {
  const typed = [...document.querySelectorAll("#main input, #main select")].some(
    (one) => one === document.activeElement || (one.type !== "date" && one.value !== one.defaultValue && one.tagName === "INPUT"));
  // What was signed together stays to be read.
  return typed || document.querySelector("dialog[open], #main details[open], #sign-list button:disabled, .done") !== null;
}
// A page with files of somebody's does not follow: they are nowhere else.
if (follows) {
  let head = Number(meta("head"));
  const run = () => document.querySelector("[data-run]"), asked = run() ? `?run=${run().dataset.run}` : "";
  const events = new EventSource(`/events${asked}`), changed = () => busy() ? void (moved.hidden = false) : follow(busy);
  events.onmessage = ({ data }) => {
    if (Number(data) === head) return;
    head = Number(data);
    changed();
  };
  events.addEventListener("run", ({ data }) => data !== run()?.dataset.told && changed());
}
