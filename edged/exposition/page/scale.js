// Scales and their ticks.

export const linear = ([from, to], [low, high]) => (value) => low + ((value - from) / (to - from)) * (high - low);

export const logarithmic = ([from, to], range) => {
  const scale = linear([Math.log10(from), Math.log10(to)], range);
  return (value) => scale(Math.log10(value));
};

// About `count` round numbers within [from, to].
export function ticks(from, to, count) {
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999);
  const found = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to * (1 + 1e-9); index += 1) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

// 1, 2, 5, 10, 20 ... within [from, to]; 1, 10, 100 ... where those would be more than `most`.
export function logTicks(from, to, most) {
  const all = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1) {
    for (const digit of [1, 2, 5]) {
      const value = Number((digit * 10 ** power).toPrecision(3));
      if (value >= from * 0.999 && value <= to * 1.001) all.push(value);
    }
  }
  return all.length <= most ? all : all.filter((value) => String(value).replace(/[0.]/g, "") === "1");
}

// Moves labels of that height apart, as little as it can, within [top, bottom]; each has a `y`.
export function spread(labels, height, top, bottom) {
  const sorted = [...labels].sort((one, other) => one.y - other.y);
  let free = top;
  for (const each of sorted) {
    each.y = Math.max(each.y, free);
    free = each.y + height;
  }
  let limit = bottom;
  for (const each of sorted.reverse()) {
    each.y = Math.min(each.y, limit);
    limit = each.y - height;
  }
  return labels;
}
