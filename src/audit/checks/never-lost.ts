import { streamAccount } from "../../core/model/stream.ts";
import type {
  AuditCheck,
  AuditLink,
  AuditWorld,
  MakeAuditCheck,
  SeenOrder,
  TakenEntries,
  Tell,
} from "../check.ts";

/** What settles a copy, each with its reason in the journal. */
const VERDICTS: ReadonlySet<string> = new Set([
  "skipped",
  "held",
  "alarmed",
  "entryWithdrawn",
  "placeIntended",
  "childAdopted",
]);
/** So long a link that acts may take to decide; outages do not count. */
const DECIDED_WITHIN_MS = 60_000;

interface Traded {
  readonly leader: string;
  readonly orderId: string;
  readonly filled: number;
  readonly sinceMs: number;
  /** Wall time. */
  readonly atMs: number;
  /** Links for which it is not settled yet. */
  waiting: readonly AuditLink[];
}

/**
 * P2, never lost: every order of the leader that traded has, for every follower, an order sent for it
 * or a reason in the journal why not. Nothing ends in silence.
 */
export const neverLost: MakeAuditCheck = (world, tell) => new NeverLost(world, tell);

class NeverLost implements AuditCheck {
  readonly #world: AuditWorld;
  readonly #tell: Tell;
  /** "LINK/LEADER-ORDER" for which the journal tells of an order or a reason, and when (wall time). */
  readonly #settled = new Map<string, number>();
  readonly #traded = new Map<string, Traded>();
  readonly #waiting = new Set<Traded>();
  /** "LEADER ORDER": seq of the first entry that tells of it. */
  readonly #firstSeqs = new Map<string, { seq: number; atMs: number }>();
  /** By link: leader orders first told of up to this seq are older than it. */
  readonly #sinceSeqs = new Map<string, number>();

  constructor(world: AuditWorld, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
  }

  onEntries(taken: TakenEntries): void {
    const found = streamAccount(taken.stream);
    if (found?.role === "leader") this.#takeLeader(found.account, taken);
    else if (found?.role === "follower") this.#takeFollower(taken);
  }

  onOrder({ account, orderId, filled, isPart }: SeenOrder): void {
    // A leg belongs to its entry; the order that a trigger fired stands for the trigger.
    if (isPart || filled === 0) return;
    const { links, clock } = this.#world;
    const key = `${account} ${orderId}`;
    const waiting = links.filter(({ leader }) => leader === account);
    if (waiting.length === 0 || this.#traded.has(key)) return;
    const sinceMs = clock.monotonicMs();
    const order = { leader: account, orderId, filled, sinceMs, atMs: clock.nowMs(), waiting };
    this.#traded.set(key, order);
    this.#waiting.add(order);
  }

  onTick(): void {
    this.#look(false);
  }

  atEnd(): void {
    this.#look(true);
  }

  forget(beforeMs: number): void {
    for (const [id, atMs] of this.#settled) if (atMs < beforeMs) this.#settled.delete(id);
    for (const [key, { atMs }] of this.#traded) if (atMs < beforeMs) this.#traded.delete(key);
    for (const [key, { atMs }] of this.#firstSeqs) {
      if (atMs < beforeMs) this.#firstSeqs.delete(key);
    }
  }

  #takeLeader(leader: string, { firstSeq, entries }: TakenEntries): void {
    for (const [index, { kind, atMs, body }] of entries.entries()) {
      if (kind !== "orderObserved") continue;
      const key = `${leader} ${(body as { order: { brokerOrderId: string } }).order.brokerOrderId}`;
      const seq = this.#firstSeqs.get(key)?.seq ?? firstSeq + index;
      this.#firstSeqs.set(key, { seq, atMs });
    }
  }

  #takeFollower({ entries }: TakenEntries): void {
    for (const { kind, atMs, body } of entries) {
      const { copyId, linkId, leaderSeq } = body as {
        copyId?: string;
        linkId?: string;
        leaderSeq?: number;
      };
      if (kind === "linkOpened") this.#sinceSeqs.set(linkId ?? "", leaderSeq ?? 0);
      else if (VERDICTS.has(kind) && copyId !== undefined) this.#settled.set(copyId, atMs);
    }
  }

  #look(isEnd: boolean): void {
    for (const order of this.#waiting) {
      order.waiting = order.waiting.filter((link) => {
        const verdict = this.#verdictOn(link, order, isEnd);
        const what = `the leader's ${order.orderId}, ${order.filled} filled`;
        if (verdict === "lost") this.#tell(`${link.follower}: nothing was decided for ${what}`);
        return verdict === undefined;
      });
      if (order.waiting.length === 0) this.#waiting.delete(order);
    }
  }

  /** Undefined: it may still come. */
  #verdictOn(link: AuditLink, order: Traded, isEnd: boolean): "fine" | "lost" | undefined {
    if (this.#settled.has(`${link.id}/${order.orderId}`)) return "fine";
    if (isEnd) return "lost";
    if (this.#isOlderThan(link, order)) return "fine";
    const armedMs = this.#world.armedSinceMs(link.id) ?? Number.POSITIVE_INFINITY;
    const forMs = this.#world.clock.monotonicMs() - Math.max(armedMs, order.sinceMs);
    return forMs < DECIDED_WITHIN_MS ? undefined : "lost";
  }

  #isOlderThan(link: AuditLink, { leader, orderId }: Traded): boolean {
    const first = this.#firstSeqs.get(`${leader} ${orderId}`)?.seq;
    const since = this.#sinceSeqs.get(link.id);
    return since === undefined || (first !== undefined && first <= since);
  }
}
