import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LINK, linkOf, OPTION, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toPositionKey } from "../order/account-book.ts";
import { foldFollower } from "../order/follower.ts";
import { toCopiedKey } from "../order/follower-state.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");
const POSITION = toCopiedKey(LINK, KEY);

/** The leader has bought 100, and the follower's 50 are in. */
function bought(): Desk {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.readsBook();
  return desk;
}

/** Snapshots of the follower's positions, one every ten seconds. */
function holds(desk: Desk, net: number, forMs = 0): void {
  const nets = net === 0 ? [] : [{ key: KEY, net }];
  desk.input({ kind: "positions", nets });
  for (const untilMs = desk.nowMs + forMs; desk.nowMs < untilMs; ) {
    desk.nowMs += 10_000;
    desk.input({ kind: "positions", nets });
  }
}

/** "began 20 unknown", "ended", "ALARM" in the order in which they were recorded. */
function story(desk: Desk): readonly string[] {
  return desk.recorded.flatMap(({ fact }) => {
    if (fact.kind === "driftEnded") return ["ended"];
    if (fact.kind === "alarmed" && fact.code === "drift") return [`ALARM ${fact.inputs.units}`];
    if (fact.kind !== "driftBegan") return [];
    return [fact.parts.map(({ units, cause }) => `${units} ${cause}`).join(", ")];
  });
}

describe("a difference", () => {
  test("is no fact before the books were read whole, and one fact however often they are", () => {
    const desk = bought();
    desk.leads("L2", { terms: { quantity: 20 } });
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L2", { terms: { quantity: 20 }, status: "filled", filledQuantity: 20 });
    assert.deepEqual(story(desk), []);
    desk.readsBook();
    desk.nowMs += 10_000;
    desk.readsBook();
    assert.deepEqual(story(desk), ["10 rejected"]);
  });

  test("keeps its age while its causes stay, and begins anew with others", () => {
    const desk = bought();
    const beganAtMs = desk.nowMs;
    holds(desk, 30, 20_000);
    holds(desk, 20);
    assert.equal(desk.follower.drifts.get(POSITION)?.sinceMs, beganAtMs);
    assert.equal(desk.follower.drifts.get(POSITION)?.difference, -30);
    desk.leads("L2", { terms: { quantity: 20 } });
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L2", { terms: { quantity: 20 }, status: "filled", filledQuantity: 20 });
    desk.nowMs += 5_000;
    holds(desk, 20);
    assert.equal(desk.follower.drifts.get(POSITION)?.sinceMs, desk.nowMs);
    assert.deepEqual(story(desk), ["20 unknown", "30 unknown", "30 unknown, 10 rejected"]);
  });

  test("that is merely under way is one fact, whatever its size becomes", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    for (const filledQuantity of [20, 40, 60]) {
      desk.leads("L1", { filledQuantity });
      desk.readsBook();
    }
    assert.deepEqual(story(desk), ["10 catching-up"]);
    desk.fills(desk.child("L1"), 30);
    desk.readsBook();
    assert.deepEqual(story(desk), ["10 catching-up", "ended"]);
    assert.equal(desk.follower.drifts.size, 0);
  });

  test("that turns to the other side begins anew", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { filledQuantity: 20 });
    desk.readsBook();
    desk.fills(desk.child("L1"), 40);
    desk.readsBook();
    assert.deepEqual(story(desk), ["10 catching-up", "30 catching-up"]);
  });

  test("stays as it was when its link is out of the settings", () => {
    const desk = bought();
    holds(desk, 30);
    desk.links.clear();
    holds(desk, 50);
    assert.equal(desk.follower.drifts.size, 1);
  });

  test("of yesterday is over with its day", () => {
    const desk = bought();
    desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
    holds(desk, 30);
    desk.input({ kind: "dayBegan", day: "2026-11-23" as never });
    assert.equal(desk.follower.drifts.size, 0);
  });
});

describe("what nothing explains", () => {
  test("is told once when it has stood for a minute of settled books", () => {
    const desk = bought();
    holds(desk, 30, 50_000);
    assert.deepEqual(story(desk), ["20 unknown"]);
    holds(desk, 30, 60_000);
    assert.deepEqual(story(desk), ["20 unknown", "ALARM 20"]);
    const alarm = desk.facts("alarmed").at(-1);
    assert.ok(alarm?.kind === "alarmed");
    assert.deepEqual(alarm.position, { linkId: LINK, instrument: SHARE, product: "INTRADAY" });
    assert.deepEqual(alarm.inputs, {
      instrument: SHARE,
      product: "INTRADAY",
      units: 20,
      target: 50,
      copied: 50,
      held: 30,
      forMs: 60_000,
    });
  });

  test("is told again when it was gone and has come back", () => {
    const desk = bought();
    holds(desk, 30, 60_000);
    holds(desk, 50);
    holds(desk, 30, 60_000);
    assert.deepEqual(story(desk), ["20 unknown", "ALARM 20", "ended", "20 unknown", "ALARM 20"]);
  });

  test("and is gone in less than a minute is no alarm", () => {
    const desk = bought();
    holds(desk, 30, 50_000);
    holds(desk, 50, 60_000);
    assert.deepEqual(story(desk), ["20 unknown", "ended"]);
  });
});

test("what is traded as another contract keeps the leader's in its facts", () => {
  const desk = new Desk({ links: [linkOf({ substitutions: new Map([[SHARE, OPTION]]) })] });
  desk.leads("L1", { terms: { quantity: 130 } });
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", { terms: { quantity: 130 }, status: "filled", filledQuantity: 130 });
  desk.readsBook();
  const [known] = [...desk.follower.drifts.values()];
  assert.deepEqual(known?.position, {
    linkId: LINK,
    instrument: OPTION,
    product: "INTRADAY",
    of: { instrument: SHARE, product: "INTRADAY" },
  });
});

test("an alarm about a position of which nothing is known any more changes nothing", () => {
  const { follower, nowMs } = bought();
  const position = { linkId: LINK, instrument: SHARE, product: "INTRADAY" } as const;
  const fact = { kind: "alarmed", code: "drift", position, inputs: {} } as const;
  assert.equal(foldFollower(follower, fact, 99, nowMs).drifts.size, 0);
});

describe("a position that the leader has left", () => {
  /** His sale was not copied, because the link was paused. */
  function left(): Desk {
    const desk = bought();
    desk.setLink({ mode: "paused" });
    desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
    desk.readsBook();
    return desk;
  }

  const alarms = (desk: Desk) =>
    desk.recorded.flatMap(({ fact }) =>
      fact.kind === "alarmed" && fact.code === "left-in" ? [fact.inputs] : [],
    );

  test("is told of once, when it has stood for a while and nothing is under way", () => {
    const desk = left();
    assert.deepEqual(story(desk), ["50 skipped-by-rule"]);
    desk.nowMs += 14_999;
    desk.readsBook();
    assert.deepEqual(alarms(desk), []);
    desk.nowMs += 1;
    desk.readsBook();
    desk.nowMs += 60_000;
    desk.readsBook();
    const [inputs, ...more] = alarms(desk);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [inputs?.left, inputs?.target, inputs?.held, inputs?.causes],
      [50, 0, 50, "skipped-by-rule"],
    );
  });

  test("is told of anew when it has become another size", () => {
    const desk = left();
    desk.nowMs += 15_000;
    desk.readsBook();
    desk.leads("L3", { status: "filled", filledQuantity: 100 });
    desk.leads("L4", { side: "SELL", status: "filled", filledQuantity: 100 });
    desk.readsBook();
    assert.equal(alarms(desk).length, 1);
    desk.setLink({ mode: "active" });
    desk.leads("L5", { status: "filled", filledQuantity: 40, terms: { quantity: 40 } });
    desk.settle();
    desk.fills(desk.child("L5"));
    desk.setLink({ mode: "paused" });
    const terms = { quantity: 40 };
    desk.leads("L6", { side: "SELL", status: "filled", filledQuantity: 40, terms });
    desk.readsBook();
    desk.nowMs += 15_000;
    desk.readsBook();
    assert.deepEqual(
      alarms(desk).map(({ left }) => left),
      [50, 70],
    );
  });

  test("is no alarm while an order for it rests, or another has told of it", () => {
    const desk = bought();
    desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
    desk.settle();
    desk.readsBook();
    desk.nowMs += 60_000;
    desk.readsBook();
    assert.deepEqual(alarms(desk), []);
    desk.shows(desk.child("L2", "exit"), { status: "rejected", reason: "RMS" });
    desk.readsBook();
    desk.nowMs += 60_000;
    desk.readsBook();
    assert.deepEqual([alarms(desk), desk.alarms()], [[], ["exit-rejected"]]);
  });
});
