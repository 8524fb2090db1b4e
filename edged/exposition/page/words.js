// Numbers and names for people.

const PREFIXES = { s: [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]], J: [[1, "J"], [1e-3, "mJ"], [1e-6, "µJ"]] };

// As many decimals as two digits of the uncertainty need.
export const decimals = (u95) => (u95 > 0 ? Math.max(0, Math.min(9, 1 - Math.floor(Math.log10(u95)))) : null);

// A value in a unit that is given: {value: "18.34", u95: "± 0.05"}.
export function scaled(value, u95, factor) {
  const digits = decimals(u95 ? u95 / factor : 0);
  const number = value / factor;
  if (digits === null) return { value: String(Number(number.toPrecision(4))), u95: "" };
  // A rail that does nothing may read a little below zero: that is 0, not -0.
  return { value: number.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, ""), u95: `± ${(u95 / factor).toFixed(digits)}` };
}

// "18.34 ± 0.05 ms", "4.28 MB".
export function quantity(value, u95, unit) {
  if (unit === "B") return `${(value / 1e6).toFixed(2)} MB`;
  const largest = Math.max(Math.abs(value), u95 || 0);
  const choices = PREFIXES[unit];
  const [factor, name] = choices.find(([each]) => largest >= each) || choices[choices.length - 1];
  const said = scaled(value, u95, factor);
  return [said.value, said.u95, name].filter(Boolean).join(" ");
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

export const percent = (ratio) => `${(ratio * 100).toFixed(1)} %`;

const PRECISIONS = { fp32: "FP32", int8: "INT8", "int8-per-channel": "INT8 per channel" };
export const precisionName = (precision) => PRECISIONS[precision] || precision;
export const precisionClass = (precision) => (precision.startsWith("int8") ? "int8" : precision === "fp32" ? "fp32" : "other");

// MobileNets of the zoo have long names that are alike.
export const shortName = (each) => (each.model?.startsWith("mobilenet_v1_") ? `MobileNet v1 α ${each.alpha}` : each.model);
export const label = (each) => (each.alpha && each.model?.startsWith("mobilenet_v1_") ? `α ${each.alpha}` : each.model);
