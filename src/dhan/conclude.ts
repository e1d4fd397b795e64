/** Sends a command once, and concludes from the reply or its absence. */
import type { CommandOutcome } from "../core/model/command.ts";
import type { HttpReply } from "../ports/transport.ts";
import { outcomeOfFault, outcomeOfReply, type SentCommand } from "./outcome.ts";
import type { Calls } from "./rest/calls.ts";

export async function conclude(
  calls: Calls,
  command: SentCommand,
  send: () => Promise<HttpReply>,
): Promise<CommandOutcome> {
  // Outside the try: a command that cannot be written down is a bug of ours and has to be loud.
  const sent = send();
  let reply: HttpReply;
  try {
    reply = await sent;
  } catch (error) {
    return outcomeOfFault(error, calls.redact);
  }
  return outcomeOfReply(command, reply, calls.redact);
}
