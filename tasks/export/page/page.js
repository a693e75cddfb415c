"use strict";
(() => {
  const root = document.documentElement;
  const report = document.getElementById("report");
  const sheet = document.getElementById("sheet");
  const SVG = document.querySelector("svg").namespaceURI;
  const W = JSON.parse(document.getElementById("words").textContent);
  let facts = null;
  let scrolled = 0;

  // Elements: a string is text, a pair [zh, en] is shown in the reader's language.

  const add = (parent, children) => {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      parent.append(child instanceof Node ? child : String(child));
    }
    return parent;
  };
  const make = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    }
    return add(node, children);
  };
  const el = (name, attributes = {}, ...children) =>
    make(document.createElement(name), attributes, children);
  const svg = (name, attributes = {}, ...children) =>
    make(document.createElementNS(SVG, name), attributes, children);
  const both = ([zh, en]) => zh === en ? [zh] : [
    el("span", { class: "zh", lang: "zh-Hans" }, zh), el("span", { class: "en", lang: "en" }, en)];
  const word = (name) => both(W[name]);
  const text = (number) => both(facts.texts[number]);
  const seqLink = (seq) => el("a", { href: `#e${seq}`, class: "seq" }, seq);
  const links = (seqs) => seqs.flatMap((seq, at) => at ? [", ", seqLink(seq)] : [seqLink(seq)]);
  const minute = (at) => at.slice(0, 16).replace("T", " ");
  const pair = (name, ...value) => [el("dt", {}, word(name)), el("dd", {}, ...value)];

  const unpack = async () => {
    const bytes = Uint8Array.from(atob(document.getElementById("facts").textContent.trim()),
      (one) => one.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(plain).text());
  };

  // Language

  const language = () => document.getElementById("lang-zh").checked ? "zh" : "en";
  const speak = () => {
    const lang = language();
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    for (const one of document.querySelectorAll("[data-zh]")) {
      if (one.tagName === "INPUT") one.placeholder = one.dataset[lang];
      else one.textContent = one.dataset[lang];
    }
  };

  // The list of decisions

  const body = document.querySelector(".decisions tbody");
  const query = document.getElementById("query");
  const count = document.getElementById("count");
  const filters = ["stage", "state", "unit"].map((name) => document.getElementById(`by-${name}`));
  const earlier = document.getElementById("earlier");
  const rows = body ? [...body.rows] : [];
  let past = [];

  const hay = (seq, row) => {
    const parts = [row.textContent, seq];
    const one = facts?.decisions[seq];
    if (one) {
      parts.push(one.evidence, one.decision, one.day);
      for (const seq of [...one.waivers, ...Object.keys(one.void)]) parts.push(facts.acts[seq].officer);
      for (const checks of Object.values(one.found)) {
        for (const [check, found] of Object.entries(checks)) {
          parts.push(check, ...facts.texts[facts.checks[check][0]]);
          for (const finding of facts.lists[found]) {
            if (Array.isArray(finding)) parts.push(finding[0], ...facts.texts[finding[1]]);
            else parts.push(finding);
          }
        }
      }
    }
    return parts.join("\n").toLowerCase();
  };
  const pastRow = (seq, one) => {
    const [, , , unit, stage] = facts.entries[seq - 1];
    const signers = one.signOffs.map((act) =>
      el("span", { class: "signer" }, `${facts.acts[act].officer} `, seqLink(act)));
    const why = one.closes ? [word("closes"), " ", seqLink(one.closes), " ", text(one.causes)] : [];
    const state = el("span", { class: "state" }, key(one.outcome), text(facts.states[one.outcome]));
    return el("tr", { class: "earlier", "data-unit": unit, "data-stage": stage,
      "data-state": one.outcome, "data-seq": seq },
    el("td", {}, unitLink(unit)), el("td", {}, text(facts.stages[stage])), el("td", {}, state),
    el("td", {}, one.day), el("td", {}, signers), el("td", {}, links(one.waivers)),
    el("td", {}, why), el("td", {}, seqLink(seq)));
  };
  const unitLink = (unit) => el("a", { href: `#unit/${unit}`, class: "unit" },
    facts.units[unit] ? text(facts.units[unit][0]) : unit, el("small", {}, unit));
  const sign = (state, x, y) => [
    state === "blocked" && svg("rect", { x: x - 1.5, y: y - 1, width: 14, height: 13, rx: 1, class: "patch" }),
    svg("use", { href: `#s-${state}`, x, y, width: 11, height: 11 })];
  const key = (state) => svg("svg", { viewBox: "0 0 21 16", class: `sign c-${state}` },
    svg("rect", { x: .5, y: .5, width: 20, height: 15, rx: 2, class: "cell" }),
    sign(state, 5, 2.5));

  const sift = () => {
    const asked = query.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = filters.map((one) => [one.id.slice(3), one.value]);
    let shown = 0;
    const every = earlier.checked ? [...rows, ...past] : rows;
    for (const row of past) row.hidden = true;
    for (const row of every) {
      row.hay ??= facts ? hay(Number(row.dataset.seq), row) : null;
      const said = row.hay ?? row.textContent.toLowerCase();
      const fits = wanted.every(([name, value]) => !value || row.dataset[name] === value)
        && asked.every((one) => said.includes(one));
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} / ${every.length}`;
  };
  const showEarlier = () => {
    if (earlier.checked && facts && !past.length) {
      past = Object.entries(facts.decisions).filter(([, one]) => one.next)
        .map(([seq, one]) => pastRow(Number(seq), one));
      const after = new Map(rows.map((row) => [`${row.dataset.unit}/${row.dataset.stage}`, row]));
      for (const row of [...past].reverse()) {
        after.get(`${row.dataset.unit}/${row.dataset.stage}`).after(row);
      }
    }
    sift();
  };

  // One unit, or one entry

  const ORDER = ["fail", "missing", "not_yet", "waived", "not_applicable", "pass"];
  const QUIET = new Set(["not_applicable", "pass"]);
  const finding = (one) => Array.isArray(one)
    ? el("li", {}, el("code", {}, one[0]), " ", text(one[1])) : el("li", {}, el("code", {}, one));
  const checkItem = (status) => ([check, found]) => {
    const [name, provider] = facts.checks[check];
    const plain = found.filter((one) => !Array.isArray(one));
    const explained = found.filter((one) => Array.isArray(one));
    const ask = status === "fail" || status === "missing"
      ? el("small", {}, word("ask"), " ", text(provider)) : null;
    return el("li", {}, el("b", {}, text(name)), " ", el("small", {}, `${check} · ${found.length}`),
      " ", ask, explained.length ? el("ul", {}, explained.map(finding)) : null,
      plain.length ? el("div", { class: "subjects" }, plain.join(" · ")) : null);
  };
  const findings = (one) => {
    const parts = [[], []];
    for (const status of ORDER.filter((name) => one.found[name])) {
      const checks = Object.entries(one.found[status]).map(([check, at]) => [check, facts.lists[at]]);
      const number = checks.reduce((sum, [, found]) => sum + found.length, 0);
      const list = el("ul", { class: "findings" }, checks.map(checkItem(status)));
      const heading = [text(facts.statuses[status]), ` · ${number}`];
      if (QUIET.has(status)) {
        parts[1].push(el("details", { class: "quiet" }, el("summary", {}, heading), list));
      } else parts[0].push(el("h4", {}, heading), list);
    }
    return parts;
  };
  const act = (seq, fault) => {
    const one = facts.acts[seq];
    const about = one.check ? [" ", facts.checks[one.check] ? text(facts.checks[one.check][0]) : one.check, ` ${one.subject} → ${one.until}`] : [];
    const now = one.state_name === undefined ? [] : text(one.state_name);
    const said = fault ? text(facts.faults[fault])
      : [word("counted"), " ", el("small", {}, word("now"), " ", now)];
    const kind = text(facts.entries[seq - 1][1]);
    return el("tr", {}, el("td", {}, kind), el("td", {}, one.officer, " ",
      el("small", {}, one.organ_name === undefined ? [] : text(one.organ_name))),
    el("td", {}, about, one.reason ? el("div", {}, one.reason) : null),
    el("td", {}, said), el("td", {}, el("time", {}, minute(facts.entries[seq - 1][0]))),
    el("td", {}, seqLink(seq)));
  };
  const acts = (one) => {
    const void_ = Object.entries(one.void);
    const all = [...one.signOffs.map((seq) => [seq, ""]), ...one.waivers.map((seq) => [seq, ""]),
      ...void_.map(([seq, code]) => [Number(seq), code])];
    if (!all.length) return el("p", { class: "none" }, word("nobody"));
    const heads = ["kind", "officer", "about", "counts", "time", "entry"];
    return el("table", {}, el("thead", {}, el("tr", {}, heads.map((name) => el("th", {}, word(name))))),
      el("tbody", {}, all.sort((a, b) => a[0] - b[0]).map(([seq, code]) => act(seq, code))));
  };
  const decision = (seq, asked) => {
    const one = facts.decisions[seq];
    const [at, , , , stage] = facts.entries[seq - 1];
    const state = el("span", { class: "state" }, key(one.outcome), text(facts.states[one.outcome]));
    const summary = el("summary", {}, el("b", {}, text(facts.stages[stage])), state,
      el("span", {}, word("entry"), " ", seqLink(seq)), el("span", {}, one.day),
      one.closes ? el("span", {}, word("closes"), " ", seqLink(one.closes), ": ", text(one.causes)) : null,
      one.next ? el("small", {}, word("followed"), " ", seqLink(one.next)) : null);
    const origin = el("details", { class: "quiet" }, el("summary", {}, word("technical")), el("dl", {},
      pair("time", at), pair("evidence", el("code", {}, one.evidence)),
      pair("policy", el("code", {}, one.policy)),
      pair("position", one.position ? seqLink(one.position) : "0"),
      pair("digest", el("code", {}, one.decision)), pair("code", one.code),
      one.run ? pair("run", one.run) : null, pair("hash", el("code", {}, facts.entries[seq - 1][6]))));
    const signers = one.signOffs.flatMap((by) => [facts.acts[by].officer, " ", seqLink(by), "  "]);
    const meta = el("dl", {}, pair("day", one.day), signers.length ? pair("signers", signers) : null,
      one.handed.length ? pair("handed", links(one.handed)) : null);
    const [closing, quiet] = findings(one);
    const inside = el("div", { class: "inside" }, meta, closing,
      el("h4", {}, word("acts")), acts(one), quiet, origin);
    const classes = `decision ${one.outcome}${one.next ? " past" : ""}${asked ? " asked" : ""}`;
    return el("article", { class: classes, id: `d${seq}` },
      el("details", asked ? { open: "" } : {}, summary, inside));
  };

  const LANE = 34;
  const course = (unit, seqs) => {
    const stages = Object.keys(facts.stages);
    const listed = seqs.filter((seq) => facts.entries[seq - 1][4]);
    const left = 96;
    const step = Math.max(26, Math.min(70, 980 / Math.max(listed.length, 1)));
    const wide = Math.max(left + listed.length * step + 30, 700);
    const high = stages.length * LANE + 26;
    const x = new Map(listed.map((seq, at) => [seq, left + at * step + step / 2]));
    const parts = stages.map((stage, at) => {
      const y = at * LANE + LANE / 2;
      const [zh, en] = facts.texts[facts.stages[stage]];
      return [svg("line", { x1: left, x2: wide - 10, y1: y, y2: y, class: "lane" }),
        svg("text", { x: 0, y: y + 4, class: "zh" }, zh), svg("text", { x: 0, y: y + 4, class: "en" }, en)];
    });
    const marks = listed.map((seq) => {
      const [at, , kind, , stage, line] = facts.entries[seq - 1];
      const y = stages.indexOf(stage) * LANE + LANE / 2;
      const here = x.get(seq);
      const drawn = [];
      if (kind === "decided") {
        const one = facts.decisions[seq];
        const end = one.next ? x.get(one.next) : wide - 10;
        drawn.push(svg("rect", { x: here, y: y - 4, width: end - here, height: 8, class: `b-${one.outcome}` }),
          svg("rect", { x: here - 8, y: y - 8, width: 16, height: 16, rx: 2, class: "cell" }),
          sign(one.outcome, here - 5.5, y - 5.5));
        return svg("a", { href: `#e${seq}` }, svg("g", { class: `c-${one.outcome}` }, drawn, tip(seq, at, line)));
      }
      if (kind === "handed-on") drawn.push(svg("path", { d: `M${here - 5} ${y - 7}l11 7l-11 7z`, class: "hand" }));
      else if (kind === "signed") drawn.push(svg("circle", { cx: here, cy: y, r: 4.5, class: "dot" }),
        svg("path", { d: `M${here - 2} ${y}l1.7 2l2.6 -4`, class: "dot" }));
      else if (kind === "waived") drawn.push(svg("path", { d: `M${here} ${y - 6}l6 6l-6 6l-6 -6z`, class: "dot" }));
      else drawn.push(svg("path", { d: `M${here - 4} ${y - 4}l8 8m0 -8l-8 8`, class: "again" }));
      return svg("a", { href: `#e${seq}` }, svg("g", {}, drawn, tip(seq, at, line)));
    });
    const numbers = listed.map((seq) => svg("text", { x: x.get(seq), y: high - 6, "text-anchor": "middle", class: "no" }, seq));
    return el("div", { class: "course" }, svg("svg",
      { viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, role: "group" }, parts, marks, numbers));
  };
  const tip = (seq, at, line) => svg("title", {}, `№${seq} ${minute(at)}\n${facts.texts[line].join("\n")}`);

  const entryRow = (seq, asked) => {
    const [at, kind, , , , line] = facts.entries[seq - 1];
    const one = facts.acts[seq];
    return el("tr", { id: `c${seq}`, class: asked ? "asked" : null }, el("td", {}, seqLink(seq)),
      el("td", {}, el("time", {}, minute(at))), el("td", {}, text(kind)),
      el("td", {}, text(line), one?.reason ? el("div", {}, one.reason) : null));
  };
  const entryTable = (seqs, asked) => el("div", { class: "wide" }, el("table", {},
    el("thead", {}, el("tr", {}, ["entry", "time", "kind", "content"].map((name) => el("th", {}, word(name))))),
    el("tbody", {}, seqs.map((seq) => entryRow(seq, seq === asked)))));
  const head = (heading, id) => [
    el("p", { class: "screen-only" }, el("a", { href: "#/" }, "← ", word("back"))),
    el("p", { class: "kicker" }, word("kicker")), el("h1", {}, heading), el("p", { class: "id" }, id)];

  const unitSheet = (unit, asked) => {
    const seqs = facts.entries.flatMap((one, at) => one[3] === unit ? [at + 1] : []);
    const now = facts.now[unit];
    const strip = el("ul", { class: "strip" }, Object.entries(now).map(([stage, state]) =>
      el("li", { class: state }, el("b", {}, text(facts.stages[stage])),
        el("span", { class: "state" }, key(state), text(facts.states[state])))));
    const decided = seqs.filter((seq) => facts.decisions[seq]);
    const stages = Object.keys(facts.stages);
    const rank = (seq) => stages.indexOf(facts.entries[seq - 1][4]) * 1e9 + (facts.decisions[seq].next ? 1e8 : 0) - seq;
    decided.sort((a, b) => rank(a) - rank(b));
    return [head(text(facts.units[unit][0]), unit), strip, el("h2", {}, word("course")), course(unit, seqs), el("p", { class: "none" }, word("marks")),
      el("h2", {}, word("decisions")),
      decided.length ? decided.map((seq) => decision(seq, seq === asked)) : el("p", { class: "none" }, word("undecided")),
      el("h2", {}, word("entries")), entryTable(seqs, asked)];
  };
  const entrySheet = (seq) => {
    const one = facts.entries[seq - 1];
    return [head([word("entry"), ` ${seq}`], one[6]), entryTable([seq], 0)];
  };

  const show = () => {
    const where = decodeURIComponent(location.hash.slice(1));
    const seq = /^e\d+$/.test(where) ? Number(where.slice(1)) : 0;
    const entry = facts.entries[seq - 1];
    const unit = where.startsWith("unit/") ? where.slice(5) : entry?.[3];
    const known = unit && facts.units[unit];
    const open = Boolean(known || entry);
    if (open && sheet.hidden) scrolled = window.scrollY;
    const closing = !open && !sheet.hidden;
    sheet.hidden = !open;
    document.body.classList.toggle("sheet-open", open);
    sheet.replaceChildren();
    if (open) {
      add(sheet, known ? unitSheet(unit, seq) : entrySheet(seq));
      const target = document.getElementById(`d${seq}`) ?? document.getElementById(`c${seq}`);
      if (target) target.scrollIntoView({ block: "start" });
      else window.scrollTo(0, 0);
      sheet.focus({ preventScroll: true });
    } else if (closing) {
      const section = where && document.getElementById(where);
      if (section) section.scrollIntoView();
      else window.scrollTo(0, scrolled);
    }
  };

  // Printing shows the decisions that stand, opened

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...sheet.querySelectorAll(".decision:not(.past) > details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
  document.getElementById("print").addEventListener("click", () => print());

  document.body.classList.add("js");
  for (const row of rows) { row.dataset.seq = row.id.slice(1); row.removeAttribute("id"); }
  for (const one of document.querySelectorAll(".switch")) one.addEventListener("change", speak);
  if (body) {
    query.addEventListener("input", sift);
    for (const one of filters) one.addEventListener("change", sift);
    earlier.addEventListener("change", showEarlier);
  }
  speak();
  const failed = () => document.getElementById("no-facts").hidden = false;
  unpack().then((found) => {
    facts = found;
    if (body) sift();
    addEventListener("hashchange", show);
    show();
    root.dataset.ready = "yes";
  }).catch(failed);
})();
