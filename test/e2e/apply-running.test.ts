/** `tandem apply` beside the running program: new rules at once, whole or not at all, and recorded. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stringify } from "yaml";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  type Config,
  createWorld,
  lead,
  truthOf,
  type World,
  writeConfig,
} from "./program.ts";

function quantities(world: World): readonly number[] {
  return truthOf(world, ASHA).orders.map(({ row }) => row.quantity);
}

test("rules of links are taken up while orders rest, what needs a start is refused, and a bad file changes nothing", async (t) => {
  const world = await createWorld(t);
  const apply = async (change: (config: Config) => object) => {
    const file = writeConfig(world.folder, change(world.config));
    return world.run(["apply", file, "--data", world.data]);
  };
  const withLink = (rules: object) =>
    apply((config) => ({ ...config, links: [{ ...config.links[0], ...rules }] }));
  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world, { price: 1_500 });
  await eventually(() => quantities(world).length === 1, { what: "a copy that rests" });

  const half = await withLink({ sizing: { kind: "multiplier", value: 0.5 } });
  assert.deepEqual([half.code, half.stderr], [0, ""]);
  assert.match(half.stdout, /link leader-asha: sizing .*\napplied \(entry 2/);
  lead(world, { price: 1_501 });
  await eventually(() => quantities(world).length === 2, { what: "a copy by the new rule" });
  assert.deepEqual(quantities(world), [10, 5], "what rested keeps the size that it was given");

  const bad = await withLink({ sizing: { kind: "multiplier", value: -1 } });
  assert.deepEqual([bad.code, /CONFIG_INVALID/.test(bad.stderr)], [1, true]);
  const other = await apply((config) => ({
    ...config,
    links: [{ ...config.links[0], id: "another", sizing: { kind: "fixed-lots", lots: 3 } }],
  }));
  assert.deepEqual([other.code, /START_NEEDED/.test(other.stderr)], [1, true]);
  const same = await withLink({ sizing: { kind: "multiplier", value: 0.5 } });
  assert.match(same.stdout, /nothing to change/);
  lead(world, { price: 1_502 });
  await eventually(() => quantities(world).length === 3, { what: "a third copy" });
  assert.deepEqual(quantities(world), [10, 5, 5]);
  await tandem.stop();
});

test("a start does not undo what was applied since from another file, and says so", async (t) => {
  const world = await createWorld(t);
  const first = world.tandem();
  await first.untilReady();
  const half = { ...world.config.links[0], sizing: { kind: "multiplier", value: 0.5 } };
  const rules = join(world.folder, "rules.yaml");
  writeFileSync(rules, stringify({ ...world.config, links: [half] }));
  const applied = await world.run(["apply", rules, "--data", world.data]);
  assert.deepEqual([applied.code, applied.stderr], [0, ""]);
  await first.kill();

  const next = world.tandem();
  await next.untilReady();
  assert.match(next.stderr, /tandem\.yaml is not what is in force: .* has applied .*rules\.yaml/);
  assert.match(next.stderr, /not taken from tandem\.yaml: link leader-asha: sizing .*0\.5 -> /);
  lead(world, { price: 1_500 });
  await eventually(() => quantities(world).length === 1, { what: "a copy", deadlineMs: 10_000 });
  assert.deepEqual(quantities(world), [5], "by the rule that was applied");
  await next.stop();

  const double = { ...world.config.links[0], sizing: { kind: "multiplier", value: 2 } };
  writeConfig(world.folder, { ...world.config, links: [double] });
  const start = ["run", "--config", world.file, "--data", world.data, "--port", "0"];
  const refused = await world.run(start);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /would undo .*\n {2}link leader-asha: sizing .*0\.5 -> .*2/);
  assert.match(refused.stderr, /--replace.*\[SETTINGS_APPLIED_SINCE\]/);
  const last = world.tandem(["--config", world.file, "--replace"]);
  await last.untilReady();
  assert.match(last.stderr, /settings: link leader-asha: sizing .*0\.5 -> .*2/);
  await last.stop();
});
