/** What `tandem repair` does: asks the Tandem that runs what differs, and sends back a yes to just that. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { RepairDone, RepairPreview, RepairWish } from "../cli/repair.ts";
import { systemClock } from "../platform/clock.ts";
import { AppError } from "../platform/fault.ts";
import { duration } from "../server/read/words.ts";
import { askDoor } from "./operator-door.ts";
import { operatorName } from "./operator-name.ts";

const ASK_EVERY_MS = 500;

const whyNot = z.object({ code: z.string(), text: z.string() }).exactOptional();
const contract = { instrument: z.string(), product: z.string() };
const order = z.object({
  leg: z.string(),
  side: z.string(),
  quantity: z.number(),
  price: z.number().exactOptional(),
});
const offers = z.object({
  offers: z.array(
    z.object({
      link: z.string(),
      leader: z.string(),
      follower: z.string(),
      isShadow: z.boolean(),
      ...contract,
      of: z.object(contract).exactOptional(),
      symbol: z.string(),
      target: z.number(),
      actual: z.number(),
      difference: z.number(),
      parts: z.array(z.object({ cause: z.string(), units: z.number(), code: z.string() })),
      ageMs: z.number().exactOptional(),
      order: order.exactOptional(),
      refused: whyNot,
    }),
  ),
});
type Offer = z.output<typeof offers>["offers"][number];

const repair = z.object({
  name: z.string(),
  side: z.string(),
  units: z.number(),
  filled: z.number(),
  isOver: z.boolean(),
  why: whyNot,
});
const taken = z.object({
  repairs: z.array(
    z.object({
      link: z.string(),
      follower: z.string(),
      symbol: z.string(),
      product: z.string(),
      refused: whyNot,
      repair: repair.exactOptional(),
    }),
  ),
});

/** Rejects with an AppError where no Tandem runs; nothing was done then. */
export async function lookForRepairs(wish: RepairWish): Promise<RepairPreview> {
  const { dataDir, link, instrument } = wish;
  const answer = await ask(dataDir, "/api/v1/repairs/offers", { ...(link && { link }) });
  const chosen = offers.parse(answer).offers.filter((offer) => isOf(offer, instrument));
  // A second tap is the same request, however often the door is asked.
  const requestId = randomUUID();
  return {
    rows: chosen.map(({ ageMs, ...row }) => ({
      ...row,
      age: ageMs === undefined ? "" : duration(ageMs),
    })),
    confirm: (waitMs) =>
      untilOver(waitMs, async () => {
        const positions = chosen.filter((offer) => offer.order !== undefined).map(seenOf);
        const body = { requestId, by: operatorName(), positions };
        return taken.parse(await ask(dataDir, "/api/v1/repairs", body)).repairs;
      }),
  };
}

async function untilOver(
  waitMs: number,
  askAgain: () => Promise<readonly RepairDone[]>,
): Promise<readonly RepairDone[]> {
  const clock = systemClock();
  const untilMs = clock.monotonicMs() + waitMs;
  for (;;) {
    const repairs = await askAgain();
    const isOver = repairs.every((one) => one.repair?.isOver ?? true);
    if (isOver || clock.monotonicMs() >= untilMs) return repairs;
    await delay(ASK_EVERY_MS);
  }
}

function isOf({ instrument, symbol }: Offer, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === instrument || wanted === symbol;
}

function seenOf({ link, instrument, product, of, target, actual, order: seen }: Offer) {
  const position = { link, instrument, product, ...(of && { of }), target, actual };
  return { ...position, ...(seen && { order: seen }) };
}

async function ask(dataDir: string, path: string, body: object): Promise<unknown> {
  const answer = await askDoor(dataDir, path, { ...body });
  if (answer !== undefined) return answer;
  throw new AppError({
    code: "TANDEM_NOT_RUNNING",
    message: `no Tandem runs on ${dataDir}: nobody knows how it stands now, nor sends anything`,
    remedy: "Start it and ask again. `tandem drift` shows what the journal last knew.",
  });
}
