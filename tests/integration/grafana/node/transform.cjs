// Runs a panel's transformations over its frames with Grafana's own code.
// stdin: {"frames": [{"refId", "fields": [{"name", "type", "values"}]}], "transformations": [...]}
// stdout: [{"name", "values"}] for each column of the one frame that comes out; undefined cells are told as "undefined".
globalThis.window = globalThis;
const { firstValueFrom } = require("rxjs");
const { getFieldDisplayName, standardTransformers, standardTransformersRegistry, toDataFrame, transformDataFrame } =
  require("@grafana/data");

// One transformer stands there under two names.
const known = new Map(Object.values(standardTransformers).map((each) => [each.id, each]));
standardTransformersRegistry.setInit(() =>
  [...known.values()].map((transformation) => ({ id: transformation.id, name: transformation.name, transformation })),
);

async function main() {
  const { frames, transformations } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const out = await firstValueFrom(transformDataFrame(transformations, frames.map((frame) => toDataFrame(frame))));
  if (out.length !== 1) throw new Error(`${out.length} frames come out, not one`);
  const columns = out[0].fields.map((field) => ({
    name: getFieldDisplayName(field, out[0], out),
    values: Array.from(field.values, (value) => (value === undefined ? "undefined" : value)),
  }));
  process.stdout.write(JSON.stringify(columns));
}

main();
