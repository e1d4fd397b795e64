/** One message of the order socket to what the drop copy tells. Nothing that comes is fatal. */
import type { DropCopyEvent } from "../../ports/broker.ts";
import { decodeJson, WireFault } from "../errors.ts";
import { observationOfAlert } from "../translate/order-alert.ts";
import type { ObservationContext } from "../translate/order-row.ts";
import { readOrderSocketFrame } from "../wire/order-alert.ts";

export interface FrameContext extends ObservationContext {
  /** Alerts that name another account are not ours to act on. */
  readonly clientId: string;
}

export type FrameEvent = Extract<DropCopyEvent, { kind: "order" | "unreadable" }>;

/** Also reads JSON that comes in a binary frame; other binary frames were seen astray (captured). */
export function readFrame(data: string | Uint8Array, context: FrameContext): FrameEvent {
  const json = typeof data === "string" ? data : Buffer.from(data).toString("utf8");
  const decoded = decodeJson(json);
  if (decoded === undefined) {
    const kind = typeof data === "string" ? "text" : "binary";
    return unreadable(`a ${kind} frame of ${data.length} that is no JSON`);
  }
  const frame = readOrderSocketFrame(decoded);
  if (frame.kind === "unreadable") return refused(context.redact(frame.problem));
  if (frame.kind === "other") {
    return unreadable(context.redact(`a frame of unknown type ${frame.type}`));
  }
  const { clientId } = frame.data;
  if (clientId !== "" && clientId !== context.clientId) {
    return unreadable("an alert of another account");
  }
  try {
    const observation = observationOfAlert(frame.data, context);
    return { kind: "order", observation, receivedAtMs: context.nowMs };
  } catch (error) {
    if (error instanceof WireFault) return refused(context.redact(error.message));
    throw error;
  }
}

/** An alert that says what nobody knows: never taken for something that is known. */
function refused(text: string): FrameEvent {
  return { kind: "unreadable", text, isOrder: true };
}

function unreadable(text: string): FrameEvent {
  return { kind: "unreadable", text };
}
