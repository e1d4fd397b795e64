import { test } from "node:test";
import { killDrill } from "./kill-drill.ts";

const SEED = 4242;

test("a Tandem killed at random moments places nothing twice, loses nothing and leaves nobody naked", async (t) => {
  const report = await killDrill({ kills: 3, seed: SEED });
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(report)}`);
});
