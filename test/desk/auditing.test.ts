/** The auditor beside a running desk: every rig ends with nothing told; here there is something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { Rig } from "./rig.ts";

test("a second order under a name of ours is told of, whoever has placed it", async () => {
  await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
  rig.lead({ price: 1_500 });
  await eventually(() => rig.rows("asha").length === 1, { what: "her copy" });
  const [first] = rig.rows("asha");
  await rig.placeWithApi("asha", { correlationId: first?.correlationId, price: 1_400 });
  await eventually(() => rig.breaches.length > 0, { what: "the breach" });
  assert.match(rig.breaches[0]?.text ?? "", /have one name/);
  assert.equal(rig.breaches[0]?.check, "never-twice");
  rig.breaches.length = 0;
});
