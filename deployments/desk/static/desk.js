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
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.text);
  return told;
}

// What is about to be signed, from its own bytes, and whether it is what was asked for.
function flat(statement) {
  return { predicateType: statement.predicateType, ...statement.predicate,
    evidence: statement.subject[0].digest.sha256 };
}
function checked(shown, officer, wanted) {
  const same = Object.entries(wanted).every(([name, value]) => !(name in shown) || name === "reason"
    || String(shown[name]) === String(value));
  if (!same || shown.cycle !== meta("cycle")) throw new Error("other-statement");
  if ((shown.by ?? shown.officer) !== officer) throw new Error("other-statement");
  return shown;
}
function confirmed(shown, officer) {
  const dialog = document.getElementById("signing"), list = document.getElementById("statement");
  const order = Object.keys(words), place = ([name]) => (order.indexOf(name) + 1 || Infinity);
  const lines = Object.entries(shown).filter(([, value]) => value !== "").sort((one, other) => place(one) - place(other));
  list.replaceChildren(...lines.flatMap(([name, value]) => {
    const term = document.createElement("dt"), text = document.createElement("dd");
    const called = words[`${name}=${value}`];
    term.textContent = words[name] ?? name;
    text.textContent = !called ? value : document.documentElement.lang === "en" ? `${called} (${value})` : `${called}（${value}）`;
    return [term, text];
  }));
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
  });
}

async function perform(form) {
  const { act, ...data } = form.dataset, officer = meta("officer");
  const given = { ...data, ...Object.fromEntries(new FormData(form)) };
  if ("seq" in given) given.seq = Number(given.seq);
  const asked = await post(`/acts/${act}`, given);
  const shown = checked(flat(Keys.read(asked.payload)), officer, given);
  const key = await confirmed(shown, officer);
  const envelope = await Keys.sealed(asked.payload, key);
  return post(`/acts/${act}`, { ...given, at: asked.at, envelope });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.act, #sign-in, #enrol, #launch, #receipt")) return;
  event.preventDefault();
  const error = form.querySelector(".error"), button = form.querySelector("button");
  error.textContent = "";
  button.disabled = true;
  try {
    if (form.id === "sign-in") await enter(form);
    else if (form.id === "enrol") await enrol(form);
    else if (form.id === "launch") await launch(form);
    else if (form.id === "receipt") await look(form);
    else {
      await perform(form);
      form.reset();
      await renew();
    }
  } catch (fault) {
    if (fault.message !== "cancelled") error.textContent = said(fault);
  } finally {
    button.disabled = false;
  }
});

async function enter(form) {
  const given = new FormData(form), officer = given.get("officer"), file = given.get("file");
  const text = file && file.size ? await file.text() : undefined;
  const key = await Keys.unlock(officer, given.get("passphrase"), text);
  const { payload } = await post("/challenge", { officer });
  const asked = Keys.read(payload);
  if (asked._type !== "urn:termgate:session:1" || asked.officer !== officer
    || asked.origin !== location.origin || asked.cycle !== meta("cycle")) throw new Error("other-statement");
  const envelope = await Keys.sealed(payload, key);
  location.assign((await post("/enter", { officer, challenge: asked.challenge, envelope })).href);
}

async function enrol(form) {
  const given = new FormData(form), officer = given.get("officer");
  if (given.get("passphrase") !== given.get("again")) throw new Error("differing");
  const { file, key } = await Keys.make(officer, given.get("passphrase"));
  const wanted = { officer, public: Keys.base64(key.publicKey) };
  const asked = await post("/acts/enrol", wanted);
  checked(flat(Keys.read(asked.payload)), officer, { ...wanted, act: "enrol" });
  await post("/acts/enrol", { ...wanted, at: asked.at, envelope: await Keys.sealed(asked.payload, key) });
  await Keys.made(officer, { file, key });
  const name = await Keys.name(key.publicKey);
  document.getElementById("fingerprint").textContent = name.slice(0, 32).match(/.{4}/g).join("-");
  const link = document.getElementById("download");
  link.href = URL.createObjectURL(new Blob([file], { type: "application/x-pem-file" }));
  link.download = `${officer}.key`;
  document.getElementById("enrolled").hidden = false;
}

async function launch(form) {
  const link = document.getElementById("launched");
  link.href = (await post("/launch", Object.fromEntries(new FormData(form)))).href;
  link.hidden = false;
}

async function look(form) {
  const proven = document.getElementById("proven");
  proven.textContent = "";
  proven.textContent = (await post("/receipt", new FormData(form).get("file"))).text;
}

document.getElementById("leave")?.addEventListener("click", async () => {
  await Keys.forget();
  location.assign((await post("/leave", {})).href);
});

// The page follows the record; while somebody types or has something open, it only says so.
async function renew() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("main").replaceChildren(...page.getElementById("main").childNodes);
  document.getElementById("moved").hidden = true;
}
document.getElementById("renew")?.addEventListener("click", renew);
function busy() {
  const typed = [...document.querySelectorAll("#main input, #main select")].some(
    (one) => one === document.activeElement || (one.type !== "date" && one.value !== one.defaultValue && one.tagName === "INPUT"));
  return typed || document.querySelector("dialog[open], #main details[open]") !== null;
}
if (meta("officer")) {
  let head = Number(meta("head"));
  new EventSource("/events").onmessage = ({ data }) => {
    if (Number(data) === head) return;
    head = Number(data);
    if (busy()) document.getElementById("moved").hidden = false;
    else renew();
  };
}
