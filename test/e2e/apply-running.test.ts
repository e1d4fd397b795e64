/** `tandem apply` beside the running program: new rules at once, whole or not at all, and recorded. */
import assert from "node:assert/strict";
import { test } from "node:test";
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
