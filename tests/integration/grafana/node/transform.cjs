// Runs the transformations of panels over their frames with Grafana's own code.
// stdin: for each panel {"frames": [{"refId", "fields": [{"name", "type", "values"}]}], "transformations": [...]}
// stdout: for each panel [{"name", "values"}], a column each; a cell without a value is told as "undefined".
globalThis.window = globalThis;
const { firstValueFrom } = require("rxjs");
const { getFieldDisplayName, standardTransformers, standardTransformersRegistry, toDataFrame, transformDataFrame } =
  require("@grafana/data");

// One transformer stands there under two names.
const known = new Map(Object.values(standardTransformers).map((each) => [each.id, each]));
standardTransformersRegistry.setInit(() =>
  [...known.values()].map((transformation) => ({ id: transformation.id, name: transformation.name, transformation })),
);

async function columns({ frames, transformations }) {
  const out = await firstValueFrom(transformDataFrame(transformations, frames.map((frame) => toDataFrame(frame))));
  if (out.length !== 1) throw new Error(`${out.length} frames come out, not one`);
  return out[0].fields.map((field) => ({
    name: getFieldDisplayName(field, out[0], out),
    values: Array.from(field.values, (value) => (value === undefined ? "undefined" : value)),
  }));
}

async function main() {
  const panels = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  process.stdout.write(JSON.stringify(await Promise.all(panels.map(columns))));
}

main();
