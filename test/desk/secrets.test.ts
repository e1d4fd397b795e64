/** No token and no whole client id is written anywhere, whoever puts it into our hands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../../src/platform/logger.ts";
import { eventually } from "../eventually.ts";
import { LEADER_CLIENT, Rig } from "./rig.ts";

const TOKENS = {
  leader: "token-of-the-leader",
  asha: "token-of-asha",
  ravi: "token-of-ravi",
  newer: "newer-token-of-asha",
  nobody: "token-of-nobody",
};
const CLIENTS = ["1100000001", "1100000002", "1100000003", "1100000004"];
const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };

/** Words of the broker that carry what they should not. */
function indiscreet(clientId: string, token: string): string {
  return `RMS:{orderId}:client ${clientId} with token ${token} has insufficient funds`;
}

function problemBody(clientId: string, token: string) {
  const errorMessage = indiscreet(clientId, token);
  return { errorType: "Order_Error", errorCode: "DH-906", errorMessage };
}

test("no token and no whole client id reaches the journal or the log", async () => {
  const lines: string[] = [];
  const logger = createLogger({
    level: "debug",
    destination: { write: (line: string) => lines.push(line) },
  });
  await using rig = await Rig.start({
    logger,
    limits: { absenceSettleMs: 300 },
    leader: { accessToken: TOKENS.leader },
    followers: [
      { name: "asha", bps: 10_000, account: { accessToken: TOKENS.asha } },
      { name: "ravi", bps: 10_000, account: { accessToken: TOKENS.ravi } },
      { name: "dev", bps: 10_000 },
    ],
    tokens: { dev: TOKENS.nobody },
    unready: ["dev"],
    timing: { firstRetryMs: 50, maxRetryMs: 100 },
  });
  await playIndiscreetly(rig);
  await rig.crashDesk();
  await rig.startDesk();
  rig.lead({ ...MARKET, transactionType: "SELL" });
  await eventually(() => rig.net("ravi") === 0, { what: "the exit" });
  await rig.stopDesk();

  const written = await journalTexts(rig);
  assert.ok(written.length > 50, "the journal says something");
  assert.ok(lines.length > 50, "the log says something");
  assert.ok(
    written.some((text) => text.includes("insufficient funds")),
    "the broker's words",
  );
  assert.ok(
    lines.some((line) => line.includes("insufficient funds")),
    "the broker's words",
  );
  for (const secret of [...Object.values(TOKENS), ...CLIENTS]) {
    const hasSecret = (text: string) => text.includes(secret);
    assert.deepEqual(written.filter(hasSecret), [], `the journal says ${secret}`);
    assert.deepEqual(lines.filter(hasSecret), [], `the log says ${secret}`);
  }
});

async function playIndiscreetly(rig: Rig): Promise<void> {
  const asha = rig.clientOf("asha");
  const { simulator } = rig;
  const onPlace = { clientId: asha, path: "place" } as const;
  const text = indiscreet(asha, TOKENS.asha);
  simulator.addFault({ kind: "reject-later", text, afterMs: 50, match: onPlace, count: 1 });
  rig.lead(MARKET);
  await eventually(() => rig.rows("asha")[0]?.orderStatus === "REJECTED", { what: "a rejection" });
  await rig.fact("asha", "alarmed", ({ code }) => code === "entry-rejected");
  for (const code of [400, 500, 502]) {
    const body = problemBody(asha, TOKENS.asha);
    simulator.addFault({ kind: "status", code, body, match: onPlace, count: 1 });
    const id = rig.lead({ price: 1000 + code });
    await rig.fact("asha", "commandAnswered", ({ outcome }) => {
      return outcome.kind !== "accepted" && outcome.text.includes("insufficient funds");
    });
    await rig.reaches("leader", id, "PENDING");
  }
  const body = problemBody(asha, TOKENS.asha);
  for (const path of ["orders", "positions", "order-by-correlation"] as const) {
    const match = { clientId: asha, path };
    simulator.addFault({ kind: "status", code: 500, body, match, count: 2 });
  }
  for (const clientId of [asha, LEADER_CLIENT]) {
    const stray = `{"ClientId":"${clientId}","Token":"${TOKENS.asha}","of":"${TOKENS.leader}"}`;
    simulator.addFault({ kind: "stray-frame", text: stray, match: { clientId } });
  }
  simulator.addFault({ kind: "cut", ms: 200 });
  rig.lead({ price: 1499 });
  await rig.settles("ravi");
  rig.renewToken("asha", TOKENS.newer);
  await rig.untilReady();
  await rig.untilCaughtUp(["asha", "ravi"]);
}

async function journalTexts(rig: Rig): Promise<string[]> {
  const texts: string[] = [];
  for (const stream of await rig.journal.streams()) {
    for await (const entry of rig.journal.read(stream)) texts.push(JSON.stringify(entry));
  }
  return texts;
}
