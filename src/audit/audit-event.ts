/** What the auditor is told, with the moment at which it happened. */
import type { AuditCall, AuditCheck, SeenOrder, TakenEntries } from "./check.ts";

export type AuditEvent =
  | { readonly kind: "order"; readonly seen: SeenOrder }
  | {
      /** A read of the whole book; its rows are not looked at before the auditor has time. */
      readonly kind: "book";
      readonly account: string;
      readonly rows: () => readonly SeenOrder[];
    }
  | {
      readonly kind: "entries";
      readonly taken: TakenEntries;
      /** Monotonic; -Infinity for what was so when this process began. */
      readonly durableAtMs: number;
    }
  | { readonly kind: "call"; readonly call: AuditCall };

/** Monotonic; undefined: when it is looked at. */
export function momentOf(event: AuditEvent): number | undefined {
  if (event.kind === "call") return event.call.leftAtMs;
  if (event.kind !== "entries" || !Number.isFinite(event.durableAtMs)) return undefined;
  return event.durableAtMs;
}

/** Tells a check of the event. */
export function telling(event: AuditEvent): (check: AuditCheck) => void {
  switch (event.kind) {
    case "order":
      return (check) => check.onOrder?.(event.seen);
    case "book": {
      const rows = event.rows();
      return (check) => {
        if (check.onOrder !== undefined) for (const row of rows) check.onOrder(row);
        check.onBook?.(event.account);
      };
    }
    case "entries":
      return (check) => check.onEntries?.(event.taken);
    case "call":
      return (check) => check.onCall?.(event.call);
  }
}
