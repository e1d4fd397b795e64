/** The kill switch, and the exit at a profit or a loss. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { ASHA, type Box, type Json, openBox, order } from "./wire-client.ts";

const FAST = { switches: { transitMs: 5, changeMs: 5 } };
const ON = "/killswitch?killSwitchStatus=ACTIVATE";
const OFF = "/killswitch?killSwitchStatus=DEACTIVATE";
const EXIT = {
  dhanClientId: ASHA,
  profitValue: "500",
  lossValue: 100,
  productType: ["INTRADAY"],
  enableKillSwitch: true,
};

async function buyTen(box: Box): Promise<void> {
  await box.reaches(await box.place({ price: 1650 }), "TRADED");
}

function netOf(box: Box): unknown {
  return box.simulator.truth(ASHA)[0]?.positions[0]?.netQty;
}

test("C550 the kill switch stops every placement until it is off or the day is over", async (t) => {
  const box = await openBox(t, FAST, { limits: "off" });
  const answer = await box.call("POST", ON);
  assert.match(String((answer.body as Json).killSwitchStatus), /activated/);
  const shown = await box.call("GET", "/killswitch");
  assert.deepEqual(shown.body, { dhanClientId: ASHA, killSwitchStatus: "ACTIVATE" });
  const refused = await box.call("POST", "/orders", { body: order() });
  assert.equal((refused.body as Json).errorCode, "DH-906");
  box.simulator.changeSwitches({ killSwitchRefusal: "DH-903" });
  const again = await box.call("POST", "/orders", { body: order() });
  assert.equal(again.status, 400);
  assert.equal((again.body as Json).errorCode, "DH-903");
  assert.equal((await box.call("POST", OFF)).status, 200);
  await box.placeWorking();
  assert.equal((await box.call("POST", "/killswitch")).status, 400);
});

test("C551 it is refused while an order or a position is open, and ends with the day", async (t) => {
  const box = await openBox(t, FAST, { limits: "off" });
  const orderId = await box.placeWorking();
  assert.equal((await box.call("POST", ON)).status, 400);
  await box.call("DELETE", `/orders/${orderId}`);
  await box.reaches(orderId, "CANCELLED");
  await buyTen(box);
  assert.equal((await box.call("POST", ON)).status, 400);
  box.simulator.rollDay({ keepTokens: true });
  assert.equal((await box.call("POST", ON)).status, 200);
  box.simulator.rollDay({ keepTokens: true });
  await box.placeWorking();
});

test("C552 an exit at a loss closes the position, is gone, and pulls the kill switch", async (t) => {
  const box = await openBox(t, FAST);
  await buyTen(box);
  const set = await box.call("POST", "/pnlExit", { body: EXIT });
  assert.equal((set.body as Json).pnlExitStatus, "ACTIVE");
  const shown = (await box.call("GET", "/pnlExit")).body as Json;
  assert.deepEqual(
    [shown.profit, shown.loss, shown.enable_kill_switch],
    ["500.00", "100.00", true],
  );
  box.simulator.setPrice("HDFCBANK", 1641);
  assert.equal(netOf(box), 10);
  box.simulator.setPrice("HDFCBANK", 1640);
  await eventually(() => netOf(box) === 0, { what: "the exit" });
  const gone = await box.call("GET", "/pnlExit");
  assert.equal((gone.body as Json).errorCode, "DH-907");
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 400);
});

test("C553 a threshold that is breached already fires at once; another product does not count", async (t) => {
  const box = await openBox(t, FAST);
  await buyTen(box);
  box.simulator.setPrice("HDFCBANK", 1701);
  await box.call("POST", "/pnlExit", { body: { ...EXIT, productType: ["DELIVERY"] } });
  box.simulator.setPrice("HDFCBANK", 1702);
  assert.equal(netOf(box), 10);
  await box.call("POST", "/pnlExit", { body: { ...EXIT, enableKillSwitch: false } });
  await eventually(() => netOf(box) === 0, { what: "the exit" });
  await box.placeWorking();
});

test("C554 an exit is taken back; none, and a bad one, are told", async (t) => {
  const box = await openBox(t, FAST);
  await box.call("POST", "/pnlExit", { body: EXIT });
  const off = await box.call("DELETE", "/pnlExit");
  assert.equal((off.body as Json).pnlExitStatus, "DISABLED");
  assert.equal(((await box.call("DELETE", "/pnlExit")).body as Json).errorCode, "DH-907");
  for (const change of [{ productType: [] }, { productType: ["ALL"] }, { lossValue: -1 }]) {
    const bad = await box.call("POST", "/pnlExit", { body: { ...EXIT, ...change } });
    assert.equal((bad.body as Json).errorCode, "DH-905", JSON.stringify(change));
  }
});
