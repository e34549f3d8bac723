// The film on its canvas: zoom, window, points and lines over it, and every gesture.

const COLOURS = { R: "#e69f00", L: "#56b4e9" };
const LINES = [
  ["fem_condyle_med", "fem_condyle_lat"], ["tib_plateau_med", "tib_plateau_lat"],
  ["plafond_med", "plafond_lat"], ["hip_centre", "troch_tip"],
  ["fem_shaft_prox", "fem_shaft_mid"], ["fem_shaft_mid", "fem_shaft_dist"],
  ["fem_shaft_prox", "fem_shaft_dist"], ["tib_shaft_prox", "tib_shaft_dist"],
  ["fem_above_1", "fem_above_2"], ["fem_below_1", "fem_below_2"],
  ["tib_above_1", "tib_above_2"], ["tib_below_1", "tib_below_2"],
  ["fem_canal_med", "fem_canal_lat"], ["tib_canal_med", "tib_canal_lat"],
  ["fem_cortex_med", "fem_cortex_lat"], ["tib_cortex_med", "tib_cortex_lat"],
  ["fem_joint_ant", "fem_joint_post"], ["tib_plateau_ant", "tib_plateau_post"],
  ["plafond_ant", "plafond_post"],
];
const AXES = [["hip_centre", "knee_centre"], ["knee_centre", "ankle_centre"]];
const REACH = { mouse: 12, pen: 16, touch: 26 }; // of a pointer [screen px]
const STILL = 5; // a press that moves less is a click [screen px]

export class Viewer {
  constructor(film, canvas, pixels, loupe, hooks) {
    Object.assign(this, { film, canvas, pixels, loupe, hooks });
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.chosen = null;
    this.ghost = null;
    this.marks = null;
    this.picture = null;
    this.pointers = new Map();
    this.drag = null;
    this.#listen();
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
  }

  show(picture) {
    const first = this.picture === null;
    this.picture = picture;
    this.#resize();
    if (first) this.fit();
  }

  fit() {
    const { width, height } = this.#size();
    this.scale = Math.min(width / this.film.columns, height / (this.film.rows * this.film.aspect));
    this.x = (width - this.scale * this.film.columns) / 2;
    this.y = (height - this.scale * this.film.rows * this.film.aspect) / 2;
    this.draw();
  }

  lookAt(column, row, reach) {
    const { width, height } = this.#size();
    this.scale = Math.min(width, height) / (2 * reach);
    this.x = width / 2 - this.scale * column;
    this.y = height / 2 - this.scale * this.film.aspect * row;
    this.draw();
  }

  zoom(factor, at) {
    const { width, height } = this.#size();
    const [px, py] = at || [width / 2, height / 2];
    const next = Math.min(Math.max(this.scale * factor, 0.02), 24);
    this.x = px - ((px - this.x) * next) / this.scale;
    this.y = py - ((py - this.y) * next) / this.scale;
    this.scale = next;
    this.draw();
  }

  onScreen([column, row]) {
    return [this.x + this.scale * column, this.y + this.scale * this.film.aspect * row];
  }

  onFilm([px, py]) {
    return [(px - this.x) / this.scale, (py - this.y) / (this.scale * this.film.aspect)];
  }

  #size() {
    return this.canvas.parentElement.getBoundingClientRect();
  }

  #resize() {
    const { width, height } = this.#size();
    const dense = window.devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.pixels]) {
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(height * dense);
    }
    this.draw();
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.#paint();
    });
  }

  #paint() {
    this.canvas.dataset.view = [this.scale, this.x, this.y].join(" "); // for whoever drives the page
    const dense = window.devicePixelRatio || 1;
    if (this.picture) {
      const pen = this.pixels.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this.pixels.width, this.pixels.height);
      pen.setTransform(dense * this.scale, 0, 0, dense * this.scale * this.film.aspect, dense * this.x, dense * this.y);
      pen.imageSmoothingEnabled = this.scale < 4;
      pen.drawImage(this.picture, 0, 0, this.film.columns, this.film.rows);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.marks) return;
    if (this.ghost) this.#ghostly(pen);
    for (const side of this.marks.sides) this.#leg(pen, side);
  }

  #ghostly(pen) {
    const [x, y] = this.onScreen([this.ghost.column, this.ghost.row]);
    pen.strokeStyle = "#ffffffb0";
    pen.setLineDash([4, 5]);
    pen.beginPath();
    pen.arc(x, y, 26, 0, 7);
    pen.stroke();
    pen.setLineDash([]);
  }

  #leg(pen, side) {
    const leg = this.marks.legs[side];
    const join = (pairs, colour, dash) => {
      pen.setLineDash(dash);
      for (const [a, b] of pairs) {
        if (!leg[a] || !leg[b]) continue;
        for (const [width, style] of [[3.5, "#00000070"], [1.4, colour]]) {
          pen.lineWidth = width;
          pen.strokeStyle = style;
          pen.beginPath();
          pen.moveTo(...this.onScreen(leg[a]));
          pen.lineTo(...this.onScreen(leg[b]));
          pen.stroke();
        }
      }
      pen.setLineDash([]);
    };
    join([["hip_centre", "ankle_centre"]], "#00d19a", [8, 6]);
    join(AXES, COLOURS[side], []);
    join(LINES, COLOURS[side], []);
    for (const name of Object.keys(leg)) this.#mark(pen, side, name, leg[name]);
  }

  #mark(pen, side, name, point) {
    const [x, y] = this.onScreen(point);
    const chosen = this.chosen && this.chosen.side === side && this.chosen.name === name;
    const size = (chosen ? 10 : 6) * Math.min(1, 0.55 + this.scale * 1.2);
    const given = this.marks.refined[side].has(name);
    const cross = () => {
      pen.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        pen.moveTo(x + 2.5 * dx, y + 2.5 * dy);
        pen.lineTo(x + size * dx, y + size * dy);
      }
      pen.stroke();
      if (given) {
        pen.beginPath();
        pen.arc(x, y, size * 0.75, 0, 7);
        pen.stroke();
      }
    };
    for (const [width, style] of [[4, "#000000a0"], [chosen ? 2.2 : 1.5, chosen ? "#fff" : COLOURS[side]]]) {
      pen.lineWidth = width;
      pen.strokeStyle = style;
      cross();
    }
    if (!chosen) return;
    pen.font = "600 13px Plex, sans-serif";
    pen.lineWidth = 4;
    pen.strokeStyle = "#000000c0";
    pen.fillStyle = "#fff";
    const label = `${side} ${this.hooks.title(name)}`;
    pen.strokeText(label, x + 14, y - 10);
    pen.fillText(label, x + 14, y - 10);
  }

  near(at, kind) { // the landmark under a pointer
    let best = null, least = REACH[kind] || REACH.mouse;
    for (const side of this.marks.sides) {
      for (const [name, point] of Object.entries(this.marks.legs[side])) {
        const [x, y] = this.onScreen(point);
        const far = Math.hypot(x - at[0], y - at[1]);
        if (far < least) [best, least] = [{ side, name }, far];
      }
    }
    return best;
  }

  magnify(point) { // a finger hides what it points at
    const pen = this.loupe.getContext("2d");
    const side = this.loupe.width, half = side / (2 * 2 * Math.max(this.scale, 0.5) * 1.6);
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, side, side);
    pen.drawImage(this.picture, point[0] - half, point[1] - half / this.film.aspect, 2 * half, (2 * half) / this.film.aspect, 0, 0, side, side);
    pen.strokeStyle = "#fff";
    pen.beginPath();
    for (const [a, b] of [[0, 0.44], [0.56, 1]]) {
      pen.moveTo(side * a, side / 2); pen.lineTo(side * b, side / 2);
      pen.moveTo(side / 2, side * a); pen.lineTo(side / 2, side * b);
    }
    pen.stroke();
    this.loupe.hidden = false;
  }

  #listen() {
    const place = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    this.canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), place(event));
    }, { passive: false });
    this.canvas.addEventListener("pointerdown", (event) => this.#down(event, place(event)));
    this.canvas.addEventListener("pointermove", (event) => this.#move(event, place(event)));
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, (event) => this.#up(event, place(event)));
    }
  }

  #down(event, at) {
    if (!this.marks) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 2) {
      if (this.drag?.point && this.drag.moved) this.hooks.dropped(this.drag.point);
      this.drag = { pinch: this.#spread() };
      return;
    }
    const right = event.button === 2;
    const point = right ? null : this.near(at, event.pointerType);
    this.drag = { start: at, last: at, moved: false, right, point, touch: event.pointerType === "touch" };
    if (point) {
      const [x, y] = this.onScreen(this.marks.at(point.side, point.name));
      this.drag.off = [x - at[0], y - at[1]];
    }
  }

  #spread() {
    const [a, b] = [...this.pointers.values()];
    return { far: Math.hypot(a[0] - b[0], a[1] - b[1]), middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  }

  #move(event, at) {
    const drag = this.drag;
    if (!drag || !this.pointers.has(event.pointerId)) return;
    this.pointers.set(event.pointerId, at);
    if (drag.pinch) {
      const now = this.#spread();
      this.x += now.middle[0] - drag.pinch.middle[0];
      this.y += now.middle[1] - drag.pinch.middle[1];
      this.zoom(now.far / drag.pinch.far, now.middle);
      drag.pinch = now;
      return;
    }
    if (!drag.moved && Math.hypot(at[0] - drag.start[0], at[1] - drag.start[1]) < STILL) return;
    const first = !drag.moved;
    drag.moved = true;
    if (first && drag.point) this.hooks.choose(drag.point.side, drag.point.name);
    const [dx, dy] = [at[0] - drag.last[0], at[1] - drag.last[1]];
    drag.last = at;
    if (drag.point) {
      const point = this.onFilm([at[0] + drag.off[0], at[1] + drag.off[1]]);
      this.hooks.dragged(drag.point, this.#inside(point), first);
      if (drag.touch) this.magnify(point);
    } else if (drag.right) {
      this.hooks.windowed(dx, dy);
    } else {
      this.x += dx;
      this.y += dy;
    }
    this.draw();
  }

  #up(event, at) {
    const drag = this.drag;
    this.pointers.delete(event.pointerId);
    this.loupe.hidden = true;
    if (!drag || this.pointers.size) return;
    this.drag = null;
    if (event.type === "pointercancel" || drag.pinch) return;
    if (drag.moved) {
      if (drag.point) this.hooks.dropped(drag.point);
      return;
    }
    // Joints are crowded: what is asked for goes before what lies there already.
    if (drag.point && !this.hooks.asking()) this.hooks.choose(drag.point.side, drag.point.name);
    else if (!drag.right) this.hooks.clicked(this.#inside(this.onFilm(at)));
  }

  #inside([column, row]) {
    return [Math.min(Math.max(column, 0), this.film.columns), Math.min(Math.max(row, 0), this.film.rows)];
  }
}
