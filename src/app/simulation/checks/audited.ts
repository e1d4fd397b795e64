/** The auditor's checks, told of the broker's truth instead of what is observed at the ports. */

import type { AuditCheck, AuditWorld, MakeAuditCheck, SeenOrder } from "../../../audit/check.ts";
import { exitSize as exitSizeCheck } from "../../../audit/checks/exit-size.ts";
import { explained as explainedCheck } from "../../../audit/checks/explained.ts";
import { intentFirst as intentFirstCheck } from "../../../audit/checks/intent-first.ts";
import { neverLost as neverLostCheck } from "../../../audit/checks/never-lost.ts";
import { neverTwice as neverTwiceCheck } from "../../../audit/checks/never-twice.ts";
import { suspendedMeansStop as suspendedCheck } from "../../../audit/checks/suspended-means-stop.ts";
import { unknownIsAState as unknownCheck } from "../../../audit/checks/unknown-is-a-state.ts";
import { Written } from "../../../audit/written.ts";
import { verifyJournal } from "../../../journal/chain.ts";
import { instrumentOf, isAlive, type Row } from "../books.ts";
import { TRADED } from "../instruments.ts";
import type { World } from "../world.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";

type Truth = ReturnType<World["simulator"]["truth"]>[number];

function audited(name: string, make: MakeAuditCheck): MakeCheck {
  return (world, tell) => checkOf(world, tell, name, make);
}

export const exitSize = audited("exit-size", exitSizeCheck);
export const neverTwice = audited("never-twice", neverTwiceCheck);
export const intentFirst = audited("intent-first", intentFirstCheck);
export const neverLost = audited("never-lost", neverLostCheck);
export const suspendedMeansStop = audited("suspended-means-stop", suspendedCheck);
export const unknownIsAState = audited("unknown-is-a-state", unknownCheck);

/** And the journal's chain holds. */
export const explained: MakeCheck = (world, tell) => {
  const check = checkOf(world, tell, "explained", explainedCheck);
  return {
    ...check,
    async atEnd() {
      for (const { stream, seq, problem } of await verifyJournal(world.journal)) {
        tell(`${stream}#${seq}: ${problem}`);
      }
      await check.atEnd?.();
    },
  };
};

function checkOf(world: World, tell: Tell, name: string, make: MakeAuditCheck): Check {
  const written = new Written(world);
  const check = make(auditWorldOf(world, written), tell);
  const leader = world.clientOf("leader");
  const seqs = new Map<string, number>();
  return {
    name,
    onEntries(stream, entries) {
      written.take(stream, entries);
      const firstSeq = (seqs.get(stream) ?? 0) + 1;
      seqs.set(stream, firstSeq + entries.length - 1);
      check.onEntries?.({ stream, firstSeq, entries });
    },
    onOrder({ clientId, row }) {
      // What a leader's order is to another one, only the truth at the end tells.
      if (clientId === leader) return;
      const seen = seenOf(world, row, isLegRow(row));
      // The first that is told of an order is its placement.
      check.onOrder?.(isLegRow(row) ? seen : { ...seen, placedQuantity: row.quantity });
    },
    atEnd() {
      for (const truth of world.simulator.truth()) {
        if (truth.clientId === leader) tellLeader(world, check, truth);
        else tellCalls(world, check, truth);
      }
      check.atEnd?.();
    },
  };
}

/** Where the truth is told, every link acts at all times. */
function auditWorldOf(world: World, written: Written): AuditWorld {
  const links = world.options.followers.map(({ name }) => {
    return { id: `leader-${name}`, leader: "leader", follower: name };
  });
  return {
    clock: world.clock,
    links,
    get secrets() {
      return world.secrets;
    },
    written,
    lagMs: 0,
    armedSinceMs: () => 0,
    rulesOf(key) {
      const instrument = TRADED.find((traded) => traded.instrument.key === key)?.instrument;
      return instrument && { lotSize: instrument.lotSize, tickE4: instrument.tick };
    },
  };
}

function seenOf(world: World, row: Row, isPart: boolean): SeenOrder {
  return {
    account: world.nameOf(row.dhanClientId),
    orderId: row.orderId,
    ...(row.correlationId !== undefined && { correlationId: row.correlationId }),
    instrument: instrumentOf(row),
    filled: row.filledQty,
    isAlive: isAlive(row),
    isPart,
    seenAtMs: world.clock.monotonicMs(),
  };
}

function isLegRow({ legName }: Row): boolean {
  return legName === "TARGET_LEG" || legName === "STOP_LOSS_LEG";
}

function tellLeader(world: World, check: AuditCheck, { earlierOrders, orders }: Truth): void {
  for (const { row, role, parentOrderId } of [...earlierOrders, ...orders]) {
    const isLeg = role === "target" || role === "stop" || parentOrderId !== null;
    const isByBroker = (row.correlationId ?? "").includes("SQROFF");
    check.onOrder?.(seenOf(world, row, isLeg || isByBroker));
  }
}

function tellCalls(world: World, check: AuditCheck, { clientId, requests }: Truth): void {
  for (const { kind: request, orderId, correlationId, status } of requests) {
    const kind = /(place|modify|cancel)$/.exec(request)?.[0];
    // One that never reached the broker's books may be asked for again under its name.
    const isUnread = kind === "place" && status === 429;
    if (kind === undefined || isUnread) continue;
    check.onCall?.({
      account: world.nameOf(clientId),
      kind: kind as "place" | "modify" | "cancel",
      ...(orderId !== undefined && { orderId }),
      ...(correlationId !== undefined && { correlationId }),
      leftAtMs: world.clock.monotonicMs(),
    });
  }
}
