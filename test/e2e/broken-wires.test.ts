/** The shipped program when replies do not come and when the order stream falls silent. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Entry } from "../../src/ports/journal.ts";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  createWorld,
  LEADER,
  lead,
  linesOf,
  truthOf,
  untilCopied,
  type World,
} from "./program.ts";

const STOCKS = ["1333", "2885", "1594"] as const;
const PRICES = [1600, 1380, 1450] as const;
/** What the program gives a stream without a sign of life, and some time to act. */
const SILENCE_MS = 25_000 + 5_000;

interface Body {
  readonly kind: string;
  readonly correlationId?: string;
  readonly outcome?: { readonly kind: string };
}

async function bodiesOf({ run, data }: World): Promise<Body[]> {
  const args = ["audit", "export", "--data", data, "--stream", "follower/asha"];
  return (linesOf((await run(args)).stdout) as Entry[]).map(({ body }) => body as Body);
}

async function explain({ run, data }: World, id: string): Promise<string> {
  const { code, stdout } = await run(["explain", id, "--data", data]);
  assert.equal(code, 0);
  return stdout;
}

/** Each order was asked for once, and the broker has each once. */
function assertOnce(world: World, count: number): void {
  const { orders, requests } = truthOf(world, ASHA);
  const placed = requests.filter(({ kind }) => kind === "place");
  assert.equal(placed.length, count, "placements sent");
  assert.equal(orders.length, count, "orders at the broker");
  assert.equal(new Set(orders.map(({ correlationId }) => correlationId)).size, count);
}

describe("wires that break", { concurrency: 3 }, () => {
  test("orders whose replies are lost are found and managed, and none is placed twice", async (t) => {
    const world = await createWorld(t);
    const { simulator } = world;
    const tandem = world.tandem();
    await tandem.untilReady();
    // The stream is blind as well: lookups and books alone can tell.
    const blind = simulator.addFault({ kind: "drop-frames", match: { clientId: ASHA } });
    const match = { clientId: ASHA, path: "place" } as const;
    simulator.addFault({ kind: "lose-reply", match, count: STOCKS.length });
    const ids = STOCKS.map((securityId, index) => {
      return lead(world, { securityId, price: PRICES[index] });
    });
    await untilCopied(world, STOCKS.length);
    for (const id of ids) {
      // A read of the book for one of them may show the next before its own reply is given up.
      const settled = /found at the broker as order|the broker had shown it as order/;
      const isSettled = async () => settled.test(await explain(world, id));
      await eventually(isSettled, { what: `${id} settled`, deadlineMs: 30_000 });
    }
    assertOnce(world, STOCKS.length);
    simulator.removeFault(blind);

    for (const id of ids) simulator.cancelByHand(LEADER, id);
    const isOver = () => {
      const rows = truthOf(world, ASHA).orders.map(({ row }) => row.orderStatus);
      return rows.every((status) => status === "CANCELLED");
    };
    // A cancel waits for the end of TRANSIT, which the next quiet read of the book may be the first to tell.
    await eventually(isOver, { what: "the copies' end", deadlineMs: 45_000 });
    await tandem.stop();
    assertOnce(world, STOCKS.length);
    const bodies = await bodiesOf(world);
    const outcomes = bodies.flatMap(({ outcome }) => outcome?.kind ?? []);
    assert.equal(outcomes.filter((kind) => kind === "unknown").length, STOCKS.length);
    assert.ok(!bodies.some(({ kind }) => kind === "absenceProved"));
  });

  test("the story of a lost reply says what was unknown, for how long, and what settled it", async (t) => {
    const world = await createWorld(t);
    const { simulator } = world;
    const tandem = world.tandem();
    await tandem.untilReady();
    simulator.addFault({ kind: "drop-frames", match: { clientId: ASHA } });
    const match = { clientId: ASHA, path: "place" } as const;
    simulator.addFault({ kind: "lose-reply", match, count: 1 });
    const id = lead(world, { price: 1600 });
    await untilCopied(world, 1);
    const [order] = truthOf(world, ASHA).orders;
    assert(order !== undefined);
    const story = await eventually(
      async () => {
        const told = await explain(world, id);
        return /found at the broker/.test(told) && told;
      },
      { what: "a settled order", deadlineMs: 20_000 },
    );
    const { orderId, correlationId } = order;
    const time = String.raw`\d\d:\d\d:\d\d\.\d{3}  `;
    const lasted = String.raw`(?:less than 1 ms|[\d.]+ (?:ms|s))`;
    const lines = [
      `asha \\(leader-asha\\): (?:copied|pending): none of 10 filled yet, it is (?:working|on its way); whether the broker had taken it was unknown for ${lasted}, until the order book showed it as order ${orderId}`,
      `${time}the leader's 10 x 1 = 10`,
      `${time}(?:preparing|placing) BUY 10 HDFCBANK LIMIT 1600.00 INTRADAY DAY, .*id ${correlationId}`,
      `${time}whether the broker took the order is unknown: ".+"; it is looked up, never sent again`,
      `${time}ALARM: the outcome of an order is unknown .*\\[unknown-order\\]`,
      `${time}found at the broker as order ${orderId}: it was taken \\(the order book shows it under its id ${correlationId}, ${lasted} after its outcome had become unknown\\).*`,
    ];
    let from = 0;
    for (const line of lines) {
      const found = new RegExp(`^ *${line}$`, "m").exec(story.slice(from));
      assert(found !== null, `${line}\nafter character ${from} of:\n${story}`);
      from += found.index + found[0].length;
    }
    assert.equal(story.split("found at the broker").length, 2, "settled once");
    // Asked by any of its names, it is the same story.
    for (const name of [orderId, correlationId]) {
      assert.match(
        await explain(world, name),
        new RegExp(`found at the broker as order ${orderId}`),
      );
    }
    assertOnce(world, 1);
  });

  test("an order stream that is silent is given up in time, and what it kept back is copied", async (t) => {
    const world = await createWorld(t);
    const { simulator } = world;
    const tandem = world.tandem();
    await tandem.untilReady();
    const silentFromMs = performance.now();
    const silence = simulator.addFault({ kind: "silent", match: { clientId: LEADER } });
    // No frame tells of it and no ping is answered, and the connection stays open.
    lead(world, { price: 1600 });
    await untilCopied(world, 1);

    const gap = await eventually(
      async () => {
        const { status, reasons } = await tandem.readiness();
        return status === 503 && reasons;
      },
      { what: "a stream that is given up", deadlineMs: SILENCE_MS },
    );
    t.diagnostic(`given up after ${Math.round(performance.now() - silentFromMs)} ms`);
    assert.match(
      gap.join(),
      /leader-asha: account leader: .*(no sign of life|the books are being)/,
    );
    simulator.removeFault(silence);
    await tandem.untilReady();
    lead(world, { securityId: "2885", price: 1380 });
    await untilCopied(world, 2);
    await tandem.stop();
    assertOnce(world, 2);
  });
});
