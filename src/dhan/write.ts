/** Writes beyond single orders: the same evidence, with the reply as the broker gave it. */
import type { z } from "zod";
import type { HttpReply } from "../ports/transport.ts";
import { decodeJson } from "./errors.ts";
import { type CommandKind, outcomeOfFault, outcomeOfRefusal, type Unaccepted } from "./outcome.ts";
import type { Calls } from "./rest/calls.ts";

/** Like a CommandOutcome, with what the broker replied in place of one order's id. */
export type WriteOutcome<T> = { readonly kind: "accepted"; readonly reply: T } | Unaccepted;

/** Sends once. `like` says which refusals count: those of placing, changing or ending something. */
export async function write<T>(
  calls: Calls,
  like: CommandKind,
  schema: z.ZodType<T>,
  send: () => Promise<HttpReply>,
): Promise<WriteOutcome<T>> {
  const sent = send();
  let reply: HttpReply;
  try {
    reply = await sent;
  } catch (error) {
    return outcomeOfFault(error, calls.redact);
  }
  const body = decodeJson(reply.body);
  const refusal = outcomeOfRefusal(like, reply, body, calls.redact);
  if (refusal !== undefined) return refusal;
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: "accepted", reply: parsed.data };
  return { kind: "unknown", text: `HTTP ${reply.status} with an unexpected body` };
}
