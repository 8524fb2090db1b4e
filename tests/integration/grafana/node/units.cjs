// stdin: ids of units; stdout: those that Grafana does not know.
// What a browser has and Node 18 and 20 have not.
globalThis.window = globalThis;
globalThis.navigator ??= { language: "en", languages: ["en"] };
const { getValueFormats } = require("@grafana/data");

const known = new Set(getValueFormats().flatMap((category) => category.submenu.map((unit) => unit.value)));
const asked = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.filter((unit) => !known.has(unit) && !unit.startsWith("suffix:"))));
