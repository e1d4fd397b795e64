/** What `tandem square-off` does: tells the Tandem that runs, and waits for its proof. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { FollowerLeft, SquareOffOrder, SquareOffReport } from "../cli/square-off.ts";
import { systemClock } from "../platform/clock.ts";
import { AppError } from "../platform/fault.ts";
import { askDoor } from "./operator-door.ts";
import { operatorName } from "./operator-name.ts";

const ASK_EVERY_MS = 300;

const told = z.object({
  accounts: z.array(
    z.object({
      account: z.string(),
      // A Tandem of an older version that still runs does not say.
      isShadow: z.boolean().default(false),
      isProved: z.boolean(),
      positions: z.array(
        z.object({
          symbol: z.string(),
          product: z.string(),
          copied: z.number(),
          held: z.number(),
        }),
      ),
      orders: z.number(),
      unknown: z.number(),
      problem: z.string(),
    }),
  ),
});

/** Rejects with an AppError where no Tandem runs that could close anything; nothing was done then. */
export async function squareOff(
  { dataDir, reason, accounts, waitMs }: SquareOffOrder,
  tell: (followers: readonly FollowerLeft[]) => void,
): Promise<SquareOffReport> {
  const clock = systemClock();
  const beganMs = clock.monotonicMs();
  const some = accounts.length === 0 ? {} : { accounts };
  const ask = async (path: string, body: Readonly<Record<string, unknown>>) => {
    const answer = await askDoor(dataDir, path, body);
    if (answer === undefined) throw notRunning(dataDir);
    return answer;
  };
  await ask("/api/v1/square-off", { by: operatorName(), reason, ...some });
  for (;;) {
    const followers = told.parse(await ask("/api/v1/flat", some)).accounts;
    tell(followers);
    const isFlat = followers.every(({ isProved }) => isProved);
    const tookMs = clock.monotonicMs() - beganMs;
    if (isFlat || tookMs >= waitMs) return { isFlat, followers, tookMs };
    await delay(ASK_EVERY_MS);
  }
}

function notRunning(dataDir: string): AppError {
  return new AppError({
    code: "TANDEM_NOT_RUNNING",
    message: `no Tandem runs on ${dataDir}: nobody closes anything`,
    remedy:
      "Start it and ask again, or close the positions in the broker's app. `tandem kill` is taken " +
      "also now: no entry is sent then at the next start.",
  });
}
