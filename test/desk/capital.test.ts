/** Rules that go by what an account has at the start of the day. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { Rig } from "./rig.ts";

const PROPORTIONAL = { sizing: { kind: "capital-proportional", bps: 10_000 } } as const;

async function started(availableBalance: number): Promise<Rig> {
  return Rig.start({
    leader: { availableBalance: 1_000_000 },
    followers: [{ name: "asha", bps: 10_000, link: PROPORTIONAL, account: { availableBalance } }],
  });
}

test("a quarter of the leader's capital copies a quarter, also after a restart", async () => {
  await using rig = await started(250_000);
  rig.lead({ quantity: 100, price: 1600 });
  await eventually(() => rig.rows("asha").length === 1, { what: "the copy" });
  await rig.crashDesk();
  await rig.startDesk();
  rig.lead({ quantity: 200, price: 1600 });
  await eventually(() => rig.rows("asha").length === 2, { what: "the second copy" });
  assert.deepEqual(
    rig.rows("asha").map(({ quantity }) => quantity),
    [25, 50],
  );
});

test("an account without capital copies no entry, and a person hears of it", async () => {
  await using rig = await started(0);
  const id = rig.lead({ quantity: 100, price: 1600 });
  await rig.skipped("asha", id, "no-capital");
  assert.deepEqual(rig.rows("asha"), []);
});
