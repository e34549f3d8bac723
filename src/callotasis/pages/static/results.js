// What was measured, as people read it: numbers with whiskers, and findings.

const SHAPES = { note: "●", caution: "▲", stop: "■" };
const WORDS = { R: "right", L: "left" };

function made(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

const fixed = (value) => (Math.abs(value) < 0.05 ? "0.0" : value.toFixed(1).replace("-", "−"));

export function spoken(found, unit) {
  const gap = unit === "mm" ? " mm" : unit;
  return { value: fixed(found.value) + gap, range: `(${fixed(found.low)} to ${fixed(found.high)})` };
}

export function showNumbers(table, sides, quantities, measured) {
  const rows = quantities
    .filter((q) => sides.some((side) => measured.sides?.[side]?.[q.name]))
    .map((q) => row(q, sides, measured));
  const heads = made("tr");
  heads.append(made("th"), ...sides.map((side) => made("th", WORDS[side])));
  table.tHead.replaceChildren(heads);
  table.tBodies[0].replaceChildren(...rows);
  table.parentElement.classList.toggle("empty", !rows.length);
}

function row(quantity, sides, measured) {
  const line = made("tr");
  const head = made("th", quantity.words);
  head.scope = "row";
  line.append(head);
  for (const side of sides) {
    const found = measured.sides?.[side]?.[quantity.name];
    const cell = made("td");
    cell.dataset.quantity = `${side}.${quantity.name}`;
    if (found) {
      const said = spoken(found, quantity.unit);
      cell.append(made("b", said.value), made("span", said.range, "range"), whisker(found, quantity));
    } else {
      cell.append(made("span", "not measured", "range"));
    }
    line.append(cell);
  }
  return line;
}

function whisker(found, quantity) {
  const normal = quantity.normal;
  const half = (found.high - found.low) / 2;
  let low = found.low - half * 0.5, high = found.high + half * 0.5;
  if (normal) {
    low = Math.min(low, normal[0] - 2);
    high = Math.max(high, normal[1] + 2);
  }
  const x = (value) => (100 * (value - low)) / (high - low || 1);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 12");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", normal ? `normal ${normal[0]} to ${normal[1]}` : "interval");
  const band = normal
    ? `<rect x="${x(normal[0])}" y="1" width="${x(normal[1]) - x(normal[0])}" height="10" fill="#8a97a8" fill-opacity=".35"/>`
    : "";
  svg.innerHTML = `${band}<path d="M${x(found.low)} 6H${x(found.high)}M${x(found.low)} 3V9M${x(found.high)} 3V9"
    stroke="currentColor" stroke-width="1.4" vector-effect="non-scaling-stroke"/>
    <rect x="${x(found.value) - 1.6}" y="3.4" width="3.2" height="5.2" rx="1" fill="currentColor"/>`;
  return svg;
}

export function sayDiscrepancy(place, found) {
  if (!found) {
    place.textContent = "";
    return;
  }
  const said = spoken(found, "mm");
  const who = found.longer === "undecided" ? "undecided which leg is longer" : `the ${WORDS[found.longer]} leg is longer`;
  place.replaceChildren(made("b", `Right minus left: ${said.value}`), ` ${said.range}, ${who}.`);
}

function why(key) { // one tap from a sentence to its source
  const button = made("button", "why?", "why");
  button.onclick = async () => {
    const answer = await fetch(`evidence?key=${encodeURIComponent(key)}`);
    const { said, refused } = await answer.json();
    button.replaceWith(made("span", said || refused, "why"));
  };
  return button;
}

export function showFindings(place, findings) {
  place.replaceChildren(...(findings || []).map((finding) => {
    const article = made("article");
    const text = made("p");
    text.append(made("b", `${finding.level}: `), `${finding.sentence} ${finding.action}`);
    if (finding.evidence) text.append(" ", why(finding.evidence));
    article.append(made("span", SHAPES[finding.level], finding.level), text);
    return article;
  }));
}
