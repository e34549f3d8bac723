// The drawing of what to click, and where on the film it is to be expected.

const SVG = "http://www.w3.org/2000/svg";
const NEAR_MM = 42; // half width of the drawing's detail

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Guide {
  constructor(box, views) {
    this.box = box;
    this.views = views;
  }

  place(view, side, name) { // in the drawing, mirrored for a left leg
    const point = this.views[view].points[name];
    if (!point) return null;
    return [side === "L" && view === "frontal" ? -point[0] : point[0], point[1]];
  }

  draw(view, side, name) {
    this.box.replaceChildren();
    const point = this.place(view, side, name);
    const flip = side === "L" && view === "frontal";
    const whole = this.#extent(view);
    if (flip) whole.x = -whole.x - whole.width;
    this.#picture(view, flip, whole, point, 9);
    if (!point) return;
    const near = { x: point[0] - NEAR_MM, y: point[1] - NEAR_MM, width: 2 * NEAR_MM, height: 2 * NEAR_MM };
    this.#picture(view, flip, near, point, 2.6);
  }

  #extent(view) { // one leg: without the other half of the pelvis
    const bones = this.views[view].bones;
    const every = Object.entries(bones).filter(([n]) => n !== "pelvis").flatMap(([, o]) => o.flat());
    const xs = every.map((p) => p[0]), ys = every.map((p) => p[1]);
    const x = Math.min(...xs) - 30, y = Math.min(...ys) - 60;
    return { x, y, width: Math.max(...xs) + 40 - x, height: Math.max(...ys) + 20 - y };
  }

  #picture(view, flip, box, point, radius) {
    const svg = element("svg", { viewBox: `${box.x} ${box.y} ${box.width} ${box.height}` });
    const group = element("g", { transform: flip ? "scale(-1,1)" : "" });
    for (const [bone, outlines] of Object.entries(this.views[view].bones)) {
      for (const line of outlines) {
        group.append(element("polygon", {
          points: line.map((p) => p.join(",")).join(" "),
          fill: bone === "patella" ? "none" : "#c9d2dd", "fill-opacity": 0.75,
          stroke: "#6d7a8a", "stroke-width": 0.9, "stroke-dasharray": bone === "patella" ? "3 2" : "none",
        }));
      }
    }
    svg.append(group);
    if (point) {
      const [x, y] = point;
      svg.append(element("circle", { cx: x, cy: y, r: radius * 1.6, fill: "none", stroke: "#c1272d", "stroke-width": radius * 0.45 }));
      svg.append(element("circle", { cx: x, cy: y, r: radius * 0.4, fill: "#c1272d" }));
    }
    this.box.append(svg);
  }

  // Where a landmark is to be expected, and how sure that is: column, row, reach [px].
  expected(film, marks, side, name) {
    const target = this.place(marks.view, side, name);
    if (!target) return null;
    const own = this.#fit(film, marks, side);
    if (own) return { ...own.to(target), reach: 55 * own.scale };
    const other = side === "R" ? "L" : "R";
    const mirror = marks.lateral ? null : this.#fit(film, marks, other);
    if (mirror) {
      const seen = mirror.to(this.place(marks.view, other, name));
      return { column: film.columns - seen.column, row: seen.row, reach: 120 * mirror.scale };
    }
    return this.#usual(film, marks, side, target);
  }

  #usual(film, marks, side, target) { // from hip bone to sole, or joint to joint
    const lateral = marks.lateral;
    const points = Object.values(this.views[marks.view].points);
    const every = lateral ? points : this.views[marks.view].bones.pelvis.flat().concat(points);
    const top = Math.min(...every.map((p) => p[1])) - (lateral ? 60 : 30);
    const bottom = Math.max(...every.map((p) => p[1])) + (lateral ? 60 : 15);
    const scale = (film.rows * film.aspect) / (bottom - top);
    const middle = lateral ? points.reduce((s, p) => s + p[0], 0) / points.length : 0;
    const one = marks.at(side, Object.keys(marks.legs[side])[0] || "");
    return {
      column: film.columns / 2 + (target[0] - middle) * scale,
      row: ((target[1] - top) * scale) / film.aspect,
      reach: (one ? 130 : 190) * scale,
    };
  }

  #fit(film, marks, side) { // similarity through what is placed: drawing to film
    const pairs = Object.entries(marks.legs[side])
      .map(([name, p]) => [this.place(marks.view, side, name), [p[0], p[1] * film.aspect]])
      .filter(([from]) => from);
    if (pairs.length < 2) return null;
    const mean = (k, j) => pairs.reduce((sum, pair) => sum + pair[k][j], 0) / pairs.length;
    const [ax, ay, bx, by] = [mean(0, 0), mean(0, 1), mean(1, 0), mean(1, 1)];
    let along = 0, across = 0, size = 0;
    for (const [a, b] of pairs) {
      const [x, y, u, v] = [a[0] - ax, a[1] - ay, b[0] - bx, b[1] - by];
      along += x * u + y * v;
      across += x * v - y * u;
      size += x * x + y * y;
    }
    if (size < 400) return null; // points that nearly coincide tell no scale
    const [c, s] = [along / size, across / size];
    return {
      scale: Math.hypot(c, s),
      to: ([x, y]) => ({
        column: bx + c * (x - ax) - s * (y - ay),
        row: (by + s * (x - ax) + c * (y - ay)) / film.aspect,
      }),
    };
  }
}
