/** What a person has said to a running Tandem, done by its desk. */
import type { AccountId, LinkId } from "../core/model/ids.ts";
import { AppError } from "../platform/fault.ts";
import type { Clock } from "../ports/clock.ts";
import { type Desk, StopFault } from "../runtime/desk.ts";
import type { AccountFlatness, CarriedOut, ModeOrder, OperatorOrder } from "../server/operator.ts";
import type { AccountSettings } from "./config/settings.ts";
import { RELEASES, releasedOf, type StoppedBefore } from "./release.ts";

/** The journal answers in milliseconds; what takes longer may not be durable for minutes. */
const DURABLE_WITHIN_MS = 5_000;

/** Resolves to what it came to when it is durable; rejects with an AppError. */
export async function carryOut(
  desk: Desk | undefined,
  order: OperatorOrder,
  clock: Clock,
): Promise<CarriedOut> {
  return inTime(desk, clock, (running) => tellDesk(running, order));
}

/** Resolves to the link's follower when the mode is durable; rejects with an AppError. */
export async function carryOutMode(
  desk: Desk | undefined,
  { link: name, mode, by, reason }: ModeOrder,
  clock: Clock,
): Promise<string> {
  return inTime(desk, clock, async (running) => {
    try {
      // Whether it is one the desk knows.
      return await running.setMode(name as LinkId, mode, by, reason);
    } catch (error) {
      throw error instanceof StopFault ? unknownLink(name) : error;
    }
  });
}

/** What `act` comes to; an AppError where no desk runs yet, or it is not durable in time. */
export async function inTime<Done>(
  desk: Desk | undefined,
  clock: Clock,
  act: (desk: Desk) => Promise<Done>,
): Promise<Done> {
  if (desk === undefined) throw isStarting();
  const late = Promise.withResolvers<never>();
  const cancel = clock.schedule(DURABLE_WITHIN_MS, () => late.reject(notDurable(desk)));
  try {
    return await Promise.race([act(desk), late.promise]);
  } finally {
    cancel();
  }
}

/** How these followers (absent: all) stand, by the accounts as they are set; asked again and again, until it is proved. */
export async function flatnessOf(
  desk: Desk | undefined,
  accounts: readonly string[] | undefined,
  set: readonly AccountSettings[],
): Promise<readonly AccountFlatness[]> {
  if (desk === undefined) throw isStarting();
  const shadows = new Set(set.flatMap(({ id, shadow }) => (shadow === undefined ? [] : [id])));
  const stand = await desk.flatness(accounts?.map((name) => followerOf(desk, name)));
  return stand.map((one) => ({ ...one, isShadow: shadows.has(one.account) }));
}

function isStarting(): AppError {
  return new AppError({
    code: "TANDEM_STARTING",
    message: "Tandem is starting",
    remedy: "Ask again in some seconds; nothing was changed.",
  });
}

async function tellDesk(desk: Desk, order: OperatorOrder): Promise<CarriedOut> {
  const { what, by, reason, accounts } = order;
  const ids = accounts?.map((name) => followerOf(desk, name));
  if (what === "kill" || what === "square-off") {
    return { accounts: await desk.stopEntries(what, by, reason, ids) };
  }
  const released = releasedOf(what, stopsOf(desk, ids));
  const ended = RELEASES[what].map((cause) => desk.allowEntries(cause, by, ids));
  const [concerned = []] = await Promise.all(ended);
  return { accounts: concerned, released };
}

function stopsOf(desk: Desk, ids: readonly AccountId[] | undefined): readonly StoppedBefore[] {
  return desk.stations.flatMap(({ account, follower }) => {
    const isMeant = ids === undefined || ids.includes(account);
    return follower !== undefined && isMeant ? [{ account, stops: follower.state.stops }] : [];
  });
}

function followerOf(desk: Desk, name: string) {
  const station = desk.stations.find(({ account, follower }) => account === name && follower);
  if (station !== undefined) return station.account;
  throw unknownAccount(name);
}

export function unknownAccount(name: string): AppError {
  return new AppError({
    code: "ACCOUNT_UNKNOWN",
    message: `${name} is no account that follows another`,
    remedy: "`tandem status` names the followers. Nothing was changed.",
  });
}

export function unknownLink(name: string): AppError {
  return new AppError({
    code: "LINK_UNKNOWN",
    message: `${name} is no link of the settings`,
    remedy: "`tandem status` names the links. Nothing was changed.",
  });
}

function notDurable(desk: Desk): AppError {
  const why = desk.readiness().reasons.find((reason) => reason.includes("journal")) ?? "";
  return new AppError({
    code: "STOP_NOT_DURABLE",
    message: `it is not in the journal after ${DURABLE_WITHIN_MS} ms ${why && `(${why})`}`.trim(),
    remedy:
      "The running Tandem holds to it from now on, but a restart may not know of it. " +
      "Stop Tandem if you must be sure, and look at the disk.",
  });
}
