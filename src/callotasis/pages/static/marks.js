// What is placed so far: points by side, which of them the picture gave, and history.

const SIDES = ["R", "L"];

export class Marks {
  constructor(raw) {
    this.view = raw.view || "frontal";
    this.legs = { R: { ...raw.R }, L: { ...raw.L } };
    const refined = raw.refined || {};
    this.refined = { R: new Set(refined.R), L: new Set(refined.L) };
    this.side = raw.L && !raw.R ? "L" : "R"; // of a lateral film
    this.past = [];
    this.future = [];
  }

  get lateral() { return this.view !== "frontal"; }

  get sides() { return this.lateral ? [this.side] : SIDES; }

  at(side, name) { return this.legs[side][name]; }

  remember() {
    this.past.push(JSON.stringify(this.raw()));
    if (this.past.length > 200) this.past.shift();
    this.future = [];
  }

  place(side, name, point) {
    this.legs[side][name] = point.map((v) => Math.round(v * 100) / 100);
    this.refined[side].delete(name);
  }

  take(side, points) { // what the picture gave
    for (const [name, point] of Object.entries(points)) {
      this.place(side, name, point);
      this.refined[side].add(name);
    }
  }

  remove(side, name) {
    delete this.legs[side][name];
    this.refined[side].delete(name);
  }

  raw() {
    const out = {};
    if (this.lateral) out.view = this.view;
    for (const side of this.sides) {
      if (Object.keys(this.legs[side]).length) out[side] = { ...this.legs[side] };
    }
    const refined = {};
    for (const side of this.sides) {
      if (this.refined[side].size) refined[side] = [...this.refined[side]].sort();
    }
    if (Object.keys(refined).length) out.refined = refined;
    return out;
  }

  #back(from, to) {
    if (!from.length) return false;
    to.push(JSON.stringify(this.raw()));
    const raw = JSON.parse(from.pop());
    this.legs = { R: raw.R || {}, L: raw.L || {} };
    const refined = raw.refined || {};
    this.refined = { R: new Set(refined.R), L: new Set(refined.L) };
    return true;
  }

  undo() { return this.#back(this.past, this.future); }

  redo() { return this.#back(this.future, this.past); }
}
