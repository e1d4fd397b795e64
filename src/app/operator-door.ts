/** Asks the Tandem that runs on a data folder, as the person at this machine. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { systemClock } from "../platform/clock.ts";
import { AppError } from "../platform/fault.ts";
import { readOperatorToken } from "./operator-token.ts";
import { isRunningOn, urlOfRunning } from "./running-instance.ts";

/** A start takes some seconds, and a command is not to fail because of it. */
const ASK_FOR_MS = 20_000;
const ASK_EVERY_MS = 250;
/** Longer than the running one itself waits for its journal. */
const REPLY_WITHIN_MS = 8_000;

const refused = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

/**
 * What it answers; undefined where none runs. Rejects with an AppError where one runs and refuses, or
 * says nothing in time: then nothing is certain.
 */
export async function askDoor(
  dataDir: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const clock = systemClock();
  const untilMs = clock.monotonicMs() + ASK_FOR_MS;
  while (isRunningOn(dataDir)) {
    const answer = await askOnce(dataDir, path, body);
    if (answer !== undefined) return answer;
    if (clock.monotonicMs() > untilMs) throw doesNotAnswer(dataDir);
    await delay(ASK_EVERY_MS);
  }
  return undefined;
}

/** Undefined where it cannot be asked yet, or no longer. */
async function askOnce(
  dataDir: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const url = urlOfRunning(dataDir);
  const token = readOperatorToken(dataDir);
  if (url === undefined || token === undefined) return undefined;
  let reply: Response;
  try {
    reply = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REPLY_WITHIN_MS),
    });
  } catch {
    return undefined;
  }
  const answer: unknown = await reply.json().catch(() => undefined);
  if (reply.ok) return answer;
  const refusal = refused.safeParse(answer);
  // A file that is left from a life that was killed has another token, and another address.
  if (!refusal.success || refusal.data.code === "TANDEM_STARTING") return undefined;
  throw new AppError(refusal.data);
}

function doesNotAnswer(dataDir: string): AppError {
  return new AppError({
    code: "TANDEM_NOT_ANSWERING",
    message: `a Tandem runs on ${dataDir} and has not confirmed it within ${ASK_FOR_MS / 1_000} s`,
    remedy:
      "Nothing is certain. Stop that process (SIGTERM, or SIGKILL), and give the command again: " +
      "it is then written into the journal.",
  });
}
