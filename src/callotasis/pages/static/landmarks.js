// The page: asks for one landmark after the other, measures while they move, saves.

import { Marks } from "./marks.js";
import { Guide } from "./guide.js";
import { Viewer } from "./viewer.js";
import { sayDiscrepancy, showFindings, showNumbers } from "./results.js";

const $ = (id) => document.getElementById(id);
const WORDS = { R: "right", L: "left" };

async function ask(path, body) {
  const options = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await fetch(path, options);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.refused || `the page's program answered ${answer.status}`);
  return said;
}

const [state, drawing] = await Promise.all([ask("state"), ask("leg.json")]);
const { film } = state;
let marks = new Marks(state.landmarks);
if (film.lateral && !Object.keys(state.landmarks).length) {
  marks.view = "lateral femur";
  marks.side = film.laterality || "R";
}
let chosen = null; // {side, name}
const guide = new Guide($("drawing"), drawing);
const grey = { low: 0, high: 1, shown: { low: 0, high: 1 } };
const titles = () => Object.fromEntries(state.views[marks.view].guide.map((g) => [g.name, g]));
const viewer = new Viewer(film, $("film"), $("pixels"), $("loupe"), {
  title: (name) => titles()[name].title,
  choose: (side, name) => choose(side, name, false),
  asking: () => chosen && !marks.at(chosen.side, chosen.name),
  dragged,
  dropped,
  clicked,
  windowed,
});

// The order of asking.

function asked() {
  const names = state.views[marks.view].guide.filter((g) => g.group !== "extra");
  return marks.sides.flatMap((side) => names.map((g) => ({ side, name: g.name })));
}

function choose(side, name, look = true) {
  chosen = { side, name };
  viewer.chosen = chosen;
  const placed = marks.at(side, name);
  const there = guide.expected(film, marks, side, name);
  viewer.ghost = placed ? null : there;
  if (look && $("auto-zoom").checked) {
    const reach = there ? there.reach : film.columns / 6;
    if (placed) viewer.lookAt(placed[0], placed[1], Math.min(reach, film.columns / 5));
    else if (there) viewer.lookAt(there.column, there.row, there.reach);
  }
  guide.draw(marks.view, side, name);
  $("kept").textContent = "";
  show();
}

function step(by) {
  const order = asked();
  const at = order.findIndex((o) => o.side === chosen?.side && o.name === chosen?.name);
  const next = order[(at + by + order.length) % order.length];
  choose(next.side, next.name);
}

function advance() { // to the next one that is not placed
  const order = asked();
  const at = order.findIndex((o) => o.side === chosen.side && o.name === chosen.name);
  const rest = at < 0 ? [] : [...order.slice(at + 1), ...order.slice(0, at)];
  const next = rest.find((o) => !marks.at(o.side, o.name));
  if (next) choose(next.side, next.name);
  else show();
}

// What gestures do.

function clicked(point) {
  if (!chosen) return;
  marks.remember();
  const fresh = !marks.at(chosen.side, chosen.name);
  marks.place(chosen.side, chosen.name, point);
  const { side, name } = chosen;
  settle();
  if ($("auto-refine").checked && titles()[name].refines) refine(side, name, fresh);
  else if (fresh) advance();
}

function dragged(which, point, first) {
  if (first) marks.remember();
  marks.place(which.side, which.name, point);
  viewer.ghost = null;
  show();
  measure(true);
}

function dropped() {
  settle();
}

function nudge(dx, dy, event) {
  const point = chosen && marks.at(chosen.side, chosen.name);
  if (!point) return;
  const far = event.shiftKey ? 10 : event.altKey ? 0.2 : 1;
  marks.remember();
  marks.place(chosen.side, chosen.name, [point[0] + dx * far, point[1] + dy * far]);
  settle();
}

async function refine(side, name, goOn = false) {
  const clicked = String(marks.at(side, name));
  try {
    const found = await ask("refine", { landmarks: marks.raw(), side, name });
    if (String(marks.at(side, name)) !== clicked) return; // moved on meanwhile
    marks.take(side, found.points);
    const here = chosen.side === side && chosen.name === name;
    if (goOn && here) advance();
    $("kept").textContent = found.kept && `${titles()[name].title}: ${found.kept}`;
  } catch (error) {
    $("kept").textContent = error.message;
  }
  settle();
}

function remove() {
  if (!chosen || !marks.at(chosen.side, chosen.name)) return;
  marks.remember();
  marks.remove(chosen.side, chosen.name);
  choose(chosen.side, chosen.name, false);
  settle();
}

function settle() {
  viewer.draw();
  show();
  measure(false);
}

// Measuring: one question at a time; the newest state wins.

const pace = { busy: false, again: null, took: [] };

async function measure(quick) {
  if (pace.busy) {
    pace.again = { quick };
    return;
  }
  pace.busy = true;
  const started = performance.now();
  try {
    const found = await ask("measure", { landmarks: marks.raw(), notes: notes(), quick });
    report(found);
    if (quick) pace.took.push(performance.now() - started);
  } catch (error) {
    $("refused").textContent = error.message;
  }
  pace.busy = false;
  if (pace.again) {
    const next = pace.again;
    pace.again = null;
    measure(next.quick);
  }
}

function report(found) {
  $("refused").textContent = found.refused || "";
  const names = Object.fromEntries(state.views[marks.view].guide.map((g) => [g.name, g.title]));
  const waiting = (found.waiting || []).map((w) => `${WORDS[w[0]]} ${names[w.slice(2)].toLowerCase()}`);
  $("waiting").textContent = waiting.length ? `Still needed: ${waiting.join(", ")}.` : "";
  sayDiscrepancy($("discrepancy"), found.discrepancy_mm);
  showNumbers($("numbers"), marks.sides, state.views[marks.view].quantities, found);
  showFindings($("findings"), found.findings);
  const took = pace.took.slice(-20).sort((a, b) => a - b);
  $("pace").textContent = took.length ? `(${took[took.length >> 1].toFixed(0)} ms while dragging)` : "";
}

// What the panel says.

function show() {
  const order = asked();
  const placed = order.filter((o) => marks.at(o.side, o.name)).length;
  $("progress").max = order.length;
  $("progress").value = placed;
  $("undo").disabled = !marks.past.length;
  $("redo").disabled = !marks.future.length;
  if (chosen) {
    const words = titles()[chosen.name];
    const here = marks.at(chosen.side, chosen.name);
    const kind = words.group === "essential" ? "needed" : words.group === "usual" ? "usual" : "if wanted";
    $("step").textContent = `${placed} of ${order.length} placed · ${kind}`;
    $("title").textContent = `${WORDS[chosen.side][0].toUpperCase()}${WORDS[chosen.side].slice(1)}: ${words.title}`;
    $("how").textContent = words.how;
    $("refine").disabled = !here || !words.refines;
    $("remove").disabled = !here;
  }
  list();
  viewer.draw();
}

function list() {
  const columns = marks.sides.map((side) => {
    const box = document.createElement("div");
    const head = document.createElement("h3");
    head.textContent = WORDS[side];
    box.append(head);
    for (const g of state.views[marks.view].guide) {
      const button = document.createElement("button");
      const given = marks.refined[side].has(g.name);
      button.className = ["one", g.group, marks.at(side, g.name) && (given ? "refined" : "placed"),
        chosen?.side === side && chosen.name === g.name && "chosen"].filter(Boolean).join(" ");
      button.textContent = g.title;
      const how = given ? ", refined" : marks.at(side, g.name) ? ", placed" : "";
      button.setAttribute("aria-label", g.title + how);
      button.onclick = () => choose(side, g.name);
      box.append(button);
    }
    return box;
  });
  $("list").replaceChildren(...columns);
}

// About the film.

const form = $("notes");

function notes() {
  const data = new FormData(form);
  const number = (name) => (data.get(name) ? Number(data.get(name)) : null);
  const blocks = { R: number("block_R"), L: number("block_L") };
  const said = Object.entries(blocks).filter(([, mm]) => mm !== null);
  return {
    ...state.notes,
    ball_mm: number("ball_mm"),
    source_mm: number("source_mm"),
    patella_forward: data.get("patella_forward") ? data.get("patella_forward") === "true" : null,
    knee_flexion_deg: number("knee_flexion_deg"),
    block_mm: said.length ? Object.fromEntries(said) : null,
    true_scale: data.get("true_scale") === "on",
  };
}

function fillNotes() {
  const known = state.notes;
  for (const name of ["ball_mm", "source_mm", "knee_flexion_deg"]) form[name].value = known[name] ?? "";
  form.patella_forward.value = known.patella_forward === null ? "" : String(known.patella_forward);
  form.true_scale.checked = known.true_scale;
  for (const [side, mm] of Object.entries(known.block_mm || {})) form[`block_${side}`].value = mm;
  form.view.replaceChildren(...Object.keys(state.views).map((view) => new Option(view, view)));
  form.view.value = marks.view;
  form.side.value = marks.side;
  $("side-label").hidden = !marks.lateral;
  $("facts").open = known.ball_mm === null && !known.true_scale;
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  if (event.target.name === "view" || event.target.name === "side") {
    const raw = marks.raw();
    marks = new Marks(form.view.value === marks.view ? raw : {});
    marks.view = form.view.value;
    marks.side = form.side.value;
    begin();
  }
  measure(false);
});

// Grey scale: a filter while it moves, the film itself once it rests.

let rest = 0;

function windowed(dx, dy) {
  $("level").value = Number($("level").value) - dy * 0.2;
  $("contrast").value = Number($("contrast").value) + dx * 0.2;
  regrey();
}

function regrey() {
  const width = 1 - 0.92 * (Number($("contrast").value) / 100);
  const middle = 1 - Number($("level").value) / 100;
  [grey.low, grey.high] = [middle - width / 2, middle + width / 2];
  const shown = grey.shown.high - grey.shown.low;
  const slope = shown / width;
  const offset = (grey.shown.low - grey.low) / width;
  for (const part of document.querySelectorAll("#grey-scale feFuncR, #grey-scale feFuncG, #grey-scale feFuncB")) {
    part.setAttribute("slope", slope);
    part.setAttribute("intercept", offset);
  }
  clearTimeout(rest);
  rest = setTimeout(load, 250);
}

async function load() {
  const { low, high } = grey;
  const picture = new Image();
  picture.src = `film.jpg?low=${low.toFixed(4)}&high=${high.toFixed(4)}`;
  await picture.decode();
  grey.shown = { low, high };
  for (const part of document.querySelectorAll("#grey-scale [slope]")) {
    part.setAttribute("slope", 1);
    part.setAttribute("intercept", 0);
  }
  viewer.show(picture);
  $("loading").hidden = true;
}

// Buttons and keys.

async function save() {
  try {
    const { said } = await ask("save", { landmarks: marks.raw(), notes: notes() });
    $("saved").textContent = said;
  } catch (error) {
    $("saved").textContent = "";
    $("refused").textContent = error.message;
    $("refused").scrollIntoView({ block: "nearest" });
  }
}

async function done() {
  await ask("close", {});
  document.querySelector("main").inert = true;
  $("saved").textContent = "The page is closed; this window may go.";
}

function travel(way) {
  if (marks[way]()) {
    if (chosen) choose(chosen.side, chosen.name, false);
    settle();
  }
}

const BUTTONS = {
  "zoom-in": () => viewer.zoom(1.5), "zoom-out": () => viewer.zoom(1 / 1.5), fit: () => viewer.fit(),
  undo: () => travel("undo"), redo: () => travel("redo"), back: () => step(-1), skip: () => step(1),
  refine: () => { marks.remember(); refine(chosen.side, chosen.name); }, remove, save, done,
  "help-open": () => $("help").showModal(),
};
for (const [id, act] of Object.entries(BUTTONS)) $(id).addEventListener("click", act);
for (const id of ["level", "contrast"]) $(id).addEventListener("input", regrey);

const KEYS = {
  n: () => step(1), p: () => step(-1), r: () => !$("refine").disabled && BUTTONS.refine(), s: save,
  "+": () => viewer.zoom(1.3), "=": () => viewer.zoom(1.3), "-": () => viewer.zoom(1 / 1.3), 0: () => viewer.fit(),
  Delete: remove, Backspace: remove, "?": BUTTONS["help-open"],
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, dialog")) return;
  const arrow = ARROWS[event.key];
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "z") travel(event.shiftKey ? "redo" : "undo");
  else if (control && event.key.toLowerCase() === "y") travel("redo");
  else if (control) return;
  else if (arrow) nudge(...arrow, event);
  else if (KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
});

function begin() {
  viewer.marks = marks;
  $("side-label").hidden = !marks.lateral;
  for (const label of document.querySelectorAll(".side")) label.hidden = marks.lateral;
  const first = asked().find((o) => !marks.at(o.side, o.name)) || asked()[0];
  choose(first.side, first.name, false);
}

$("film-name").textContent = film.name;
document.title = `${film.name} · landmarks`;
$("synthetic").hidden = !film.synthetic;
$("target").textContent = `Saves to ${state.target}.`;
fillNotes();
begin();
await load();
if (asked().every((o) => !marks.at(o.side, o.name))) choose(chosen.side, chosen.name);
measure(false);
