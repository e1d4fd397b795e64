import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { offersAt, repairs, seenOf } from "../../../test/core/repairs.ts";
import { toLinkId } from "../model/ids.ts";
import type { Link } from "../model/link.ts";
import type { SeenPosition } from "../model/repair.ts";

const FILLED = {
  status: "filled",
  filledQuantity: 100,
  averagePrice: rupees(1_650),
  lastPrice: rupees(1_650),
} as const;

/** The broker refused the copy of what the leader has bought. */
function missed(...links: readonly Partial<Link>[]): Desk {
  const desk = new Desk({
    links: links.length === 0 ? [linkOf()] : links.map((link) => linkOf(link)),
  });
  desk.leads("L1");
  for (const command of desk.outbox.splice(0)) desk.rejects(command, "funds");
  desk.leads("L1", FILLED);
  return desk;
}

function seenNow(desk: Desk): readonly SeenPosition[] {
  return offersAt(desk).map(seenOf);
}

/** Nothing was opened and nothing is sent. */
function isUntouched(desk: Desk): boolean {
  const copies = [...desk.follower.copies.values()];
  return desk.outbox.length === 0 && copies.every(({ repair }) => repair === undefined);
}

test("a position whose target has moved since it was seen is refused, and nothing is sent", () => {
  const desk = missed();
  const seen = seenNow(desk);
  desk.leads("L2", { side: "SELL", ...FILLED, filledQuantity: 40, terms: { quantity: 40 } });
  assert.deepEqual(repairs(desk, seen), ["repair-stale"]);
  assert.ok(isUntouched(desk));
  const [asked] = desk.facts("repairAsked");
  assert.ok(asked?.kind === "repairAsked" && asked.answers[0] && "refused" in asked.answers[0]);
  assert.deepEqual(asked.answers[0].refused.inputs, {
    seenTarget: 50,
    seenActual: 0,
    target: 30,
    actual: 0,
  });
});

test("and so is one of which there is more or less by now, or nothing at all", () => {
  const desk = missed();
  const seen = seenNow(desk);
  desk.bought("L2", 40, { averagePrice: rupees(1_650) });
  assert.deepEqual(repairs(desk, seen), ["repair-stale"]);
  desk.leads("L3", { side: "SELL", ...FILLED, filledQuantity: 140, terms: { quantity: 140 } });
  desk.settle();
  desk.fills(desk.child("L3", "exit"));
  assert.deepEqual(repairs(desk, seen), ["repair-stale"]);
  assert.ok(isUntouched(desk));
});

test("an order that is not the one that was shown is not sent", () => {
  const desk = missed();
  const [seen] = seenNow(desk);
  assert.ok(seen?.order);
  const { order, ...without } = seen;
  const others: readonly SeenPosition[] = [
    without,
    { ...seen, order: { ...order, leg: "exit" } },
    { ...seen, order: { ...order, side: "SELL" } },
    { ...seen, order: { ...order, quantity: 49 } },
    { ...seen, order: { ...order, price: rupees(1_659) } },
  ];
  for (const other of others) assert.deepEqual(repairs(desk, [other]), ["repair-stale"]);
  assert.ok(isUntouched(desk));
  desk.leads("L9", { status: "rejected", lastPrice: rupees(1_660) });
  assert.deepEqual(repairs(desk, [seen]), ["repair-stale"]);
  assert.ok(isUntouched(desk));
});

test("the same request twice is one", () => {
  const desk = missed();
  const seen = seenNow(desk);
  const first = repairs(desk, seen, "request-of-asha");
  const facts = desk.recorded.length;
  assert.deepEqual(repairs(desk, seen, "request-of-asha"), first);
  assert.deepEqual([desk.outbox.length, desk.recorded.length], [1, facts]);
});

test("another request for what is being repaired is refused", () => {
  const desk = missed();
  const seen = seenNow(desk);
  repairs(desk, seen);
  desk.settle();
  assert.deepEqual(repairs(desk, seen), ["repair-under-way"]);
  assert.deepEqual(desk.outbox, []);
});

test("the same position twice in one request is begun once", () => {
  const desk = missed();
  const [seen] = seenNow(desk);
  assert.ok(seen);
  const [first, second] = repairs(desk, [seen, seen]);
  assert.match(first ?? "", /^RP/);
  assert.deepEqual([second, desk.outbox.length], ["repair-under-way", 1]);
});

test("several positions are each answered, and each begun under a name of its own", () => {
  const desk = missed();
  desk.leads("L2", { instrument: OPTION, terms: { quantity: 130, price: rupees(100) } });
  desk.rejects(desk.sentPlace(), "funds");
  const change = { status: "filled", filledQuantity: 130, averagePrice: rupees(100) } as const;
  desk.leads("L2", change);
  const answers = repairs(desk);
  assert.equal(new Set(answers).size, 2);
  const contracts = desk.outbox.map((command) => command.kind === "place" && command.instrument);
  assert.deepEqual(contracts, [SHARE, OPTION]);
});

test("of a link that is not set, or not read, nothing is begun", () => {
  const desk = missed();
  const [seen] = seenNow(desk);
  assert.ok(seen);
  const strange = { ...seen, linkId: toLinkId("another") };
  const { leader } = desk;
  assert.deepEqual(repairs(desk, [strange]), ["link-not-set"]);
  desk.leader = undefined as never;
  assert.deepEqual([repairs(desk, [seen]), offersAt(desk)], [["books-not-read"], []]);
  desk.leader = leader;
  assert.ok(isUntouched(desk));
});

test("of a position that nothing is copied into, or that does not differ, nothing is begun", () => {
  const desk = missed();
  const [seen] = seenNow(desk);
  assert.ok(seen);
  const { order: _order, ...position } = seen;
  const empty = { ...position, product: "CNC", target: 0, actual: 0 } as const;
  assert.deepEqual(repairs(desk, [empty]), ["nothing-differs"]);
  assert.ok(isUntouched(desk));
});

test("a contract that is traded for another is repaired as what it is", () => {
  const other = "BSE_EQ:500180" as never;
  const desk = new Desk({ links: [linkOf({ substitutions: new Map([[SHARE, other]]) })] });
  const row = desk.instruments.get(SHARE);
  assert.ok(row);
  desk.instruments.set(other, { ...row, key: other });
  desk.leads("L1");
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", FILLED);
  const [seen] = seenNow(desk);
  assert.ok(seen);
  const { order: _order, ...position } = seen;
  const empty = { ...position, product: "CNC", target: 0, actual: 0 } as const;
  assert.deepEqual(repairs(desk, [empty]), ["nothing-differs"]);
  repairs(desk);
  const { instrument, terms } = desk.sentPlace();
  assert.deepEqual([instrument, terms.quantity, terms.price], [other, 50, rupees(1_658.25)]);
});

test("two links into one contract are repaired each for itself", () => {
  const desk = missed({}, { id: toLinkId("second"), sizing: { kind: "multiplier", bps: 10_000 } });
  assert.equal(repairs(desk).length, 2);
  const units = desk.outbox.map((command) => command.kind === "place" && command.terms.quantity);
  assert.deepEqual(units.toSorted(), [100, 50]);
});
