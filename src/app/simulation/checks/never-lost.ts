import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { Row } from "../books.ts";
import type { MakeCheck } from "./check.ts";
import { Written } from "./written.ts";

/** What settles a copy, each with its reason in the journal. */
const VERDICTS: ReadonlySet<string> = new Set(["skipped", "held", "alarmed", "entryWithdrawn"]);

/**
 * P2, never lost: every order of the leader that traded has, for every follower, an order sent for it
 * or a reason in the journal why not. Nothing ends in silence.
 */
export const neverLost: MakeCheck = (world, tell) => {
  const written = new Written(world);
  /** "NAME LEADER-ORDER" for which the journal tells of an order or a reason. */
  const settled = new Set<string>();

  function take(stream: StreamName, entries: readonly NewEntry[]): void {
    written.take(stream, entries);
    const name = written.nameOf(stream);
    if (name === undefined) return;
    for (const { kind, body } of entries) {
      const { copyId } = body as { copyId?: string };
      const isVerdict = VERDICTS.has(kind) || kind === "placeIntended" || kind === "childAdopted";
      if (isVerdict && copyId !== undefined) settled.add(`${name} ${leaderOrderOf(copyId)}`);
    }
  }

  return {
    name: "never-lost",
    onEntries: take,
    atEnd() {
      const [truth] = world.simulator.truth(world.clientOf("leader"));
      for (const { orderId, row, role, parentOrderId } of truth?.orders ?? []) {
        // A leg belongs to its entry; the order that a trigger fired stands for the trigger.
        if (role === "target" || role === "stop" || parentOrderId !== null) continue;
        if (row.filledQty === 0 || isByBroker(row)) continue;
        for (const { name } of world.options.followers) {
          if (settled.has(`${name} ${orderId}`)) continue;
          tell(`${name}: nothing was decided for the leader's ${orderId}, ${row.filledQty} filled`);
        }
      }
    },
  };
};

/** "leader-asha/112" stands for the leader's order 112. */
function leaderOrderOf(copyId: string): string {
  return copyId.slice(copyId.indexOf("/") + 1);
}

function isByBroker({ correlationId = "" }: Row): boolean {
  return correlationId.includes("SQROFF");
}
