import { Written } from "../../../audit/written.ts";
import type { HttpReply, HttpRequest } from "../../../ports/transport.ts";
import { isCommand } from "../faults/hooked-link.ts";
import type { MakeCheck } from "./check.ts";

/** So long what was about to leave may still leave: it is on no way yet, and no disk is this slow. */
const BOUND_MS = 2_000;
/** As the broker words it that no order of the account will be taken (captured in production). */
const REFUSAL = /DH-901|Invalid Token|Invalid IP/;

/**
 * P9, kill means stop, by the broker's own words: once the broker has answered that it takes no orders
 * of an account, and until a person has mended its access, no entry of it leaves for the broker any
 * more. A process that begins anew may ask once more; of two processes the one that is answered may be
 * the one that has lost its store.
 */
export const refusedMeansStop: MakeCheck = (world, tell) => {
  const written = new Written(world);
  /** Since when (monotonic), by name. */
  const refusedMs = new Map<string, number>();

  function answered(name: string, request: HttpRequest, reply: HttpReply): void {
    if (reply.status < 400 || !isCommand(request) || !REFUSAL.test(reply.body)) return;
    if (!refusedMs.has(name)) refusedMs.set(name, world.clock.monotonicMs());
  }

  function leaves(name: string, { method, body = "" }: HttpRequest): void {
    const sinceMs = refusedMs.get(name);
    if (sinceMs === undefined || method !== "POST" || world.hadSecond) return;
    const ms = world.clock.monotonicMs() - sinceMs;
    const { correlationId = "" } = JSON.parse(body) as { correlationId?: string };
    if (ms <= BOUND_MS || written.places.get(correlationId)?.part.leg !== "entry") return;
    tell(`${name}: entry ${correlationId} left ${Math.round(ms)} ms after the broker's refusal`);
  }

  world.onAnswer.add(answered);
  world.onCommand.add(leaves);
  world.onMended.add((name) => refusedMs.delete(name));
  world.onBegin.add(() => refusedMs.clear());
  return {
    name: "refused-means-stop",
    onEntries: (stream, entries) => written.take(stream, entries),
  };
};
