/** What the journal of a running Tandem says of the copies, kept up to date by reading on. */
import type { DemoCopy, DemoOrder } from "../../cli/demo-model.ts";
import type { CopyId, FollowerFact, LeaderFact } from "../../core/model/fact.ts";
import {
  type AccountId,
  type BrokerOrderId,
  type CorrelationId,
  toAccountId,
} from "../../core/model/ids.ts";
import { formatE4 } from "../../core/model/money.ts";
import type { OrderObservation, OrderTerms } from "../../core/model/order.ts";
import { followerStream, leaderStream } from "../../core/model/stream.ts";
import type { BookOrder } from "../../core/order/account-book.ts";
import type { Child } from "../../core/order/child.ts";
import type { Copy } from "../../core/order/copy.ts";
import { foldFollower } from "../../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import { firedUnits } from "../../core/order/group.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../../core/order/leader.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Claim } from "./find-differences.ts";

interface FollowerView {
  state: FollowerState;
  lastSeq: number;
  /** Copies by the leader's order. */
  readonly copyIds: Map<string, CopyId>;
  /** When the broker's answer to a placement came. */
  readonly answeredAtMs: Map<CorrelationId, number>;
}

export class JournalView {
  readonly #journal: Journal;
  readonly #leaderName: AccountId;
  #leader: LeaderState;
  #leaderSeq = 0;
  /** When an order was first seen past its transit, in the order of coming. */
  readonly #seenAtMs = new Map<BrokerOrderId, number>();
  readonly #numbers = new Map<BrokerOrderId, number>();
  readonly #followers: ReadonlyMap<AccountId, FollowerView>;

  constructor(journal: Journal, leader: string, followers: readonly string[]) {
    this.#journal = journal;
    this.#leaderName = toAccountId(leader);
    this.#leader = emptyLeader(this.#leaderName);
    this.#followers = new Map(
      followers.map(toAccountId).map((name): [AccountId, FollowerView] => {
        const state = emptyFollower(name);
        return [name, { state, lastSeq: 0, copyIds: new Map(), answeredAtMs: new Map() }];
      }),
    );
  }

  /** Reads what was written since the last time. */
  async refresh(): Promise<void> {
    for await (const entry of this.#journal.read(
      leaderStream(this.#leaderName),
      this.#leaderSeq + 1,
    )) {
      this.#takeLeader(entry.body as LeaderFact, entry.seq, entry.atMs);
    }
    for (const [name, view] of this.#followers) {
      const stream = followerStream(name);
      for await (const entry of this.#journal.read(stream, view.lastSeq + 1)) {
        takeFollower(view, entry.body as FollowerFact, entry.seq, entry.atMs);
      }
    }
  }

  #takeLeader(fact: LeaderFact, seq: number, atMs: number): void {
    this.#leader = foldLeader(this.#leader, fact, seq);
    this.#leaderSeq = seq;
    if (fact.kind !== "orderObserved" || isPartOfAnother(fact.order)) return;
    const { brokerOrderId, status } = fact.order;
    if (!this.#numbers.has(brokerOrderId)) {
      this.#numbers.set(brokerOrderId, this.#numbers.size + 1);
    }
    if (status === "transit" || this.#seenAtMs.has(brokerOrderId)) return;
    this.#seenAtMs.set(brokerOrderId, atMs);
  }

  leaderOrderIds(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** What the journal says of one leader order for one follower. */
  claim(follower: string, leaderOrderId: string): Claim | undefined {
    const view = this.#followers.get(toAccountId(follower));
    const copy = view && copyOf(view, leaderOrderId);
    if (view === undefined || copy === undefined) return undefined;
    const children = childrenOf(view, copy);
    const isWaiting = children.some(
      ({ state, pending }) =>
        state === "intended" || state === "unknown" || state === "acked" || pending !== undefined,
    );
    return {
      correlationIds: children.map(({ correlationId }) => correlationId),
      ownExitIds: [...copy.children.stop, ...copy.children.repair],
      code: skipOf(copy),
      isBusy: isWaiting || holdOf(copy) !== undefined,
      state: children.at(-1)?.state,
      filled: children.reduce((sum, { filled }) => sum + filled, 0),
    };
  }

  /** Every leader order with what each follower has of it, oldest first. */
  orders(): readonly DemoOrder[] {
    return [...this.#numbers].flatMap(([id, number]) => {
      const order = this.#leader.book.orders.get(id);
      if (order === undefined) return [];
      const copies = [...this.#followers].map(([name, view]) => this.#row(name, view, order));
      const { side, symbol, terms, status } = order;
      const filled = order.filledQuantity + firedUnits(this.#leader.book, id);
      return [
        {
          number,
          leaderOrderId: id,
          leaderOrder: `${side} ${terms.quantity} ${symbol} at ${priceText(terms)}`,
          brief: `${side} ${terms.quantity} ${shortSymbol(symbol)}`,
          state: status,
          filled,
          copies,
        },
      ];
    });
  }

  #row(follower: string, view: FollowerView, order: BookOrder): DemoCopy {
    const nothing = { follower, childOrder: "", reason: "", explanation: "", filled: 0 };
    const copy = copyOf(view, order.brokerOrderId);
    if (copy === undefined) return { ...nothing, state: "waiting" };
    const children = childrenOf(view, copy);
    const last = children.at(-1);
    const code = skipOf(copy) ?? holdOf(copy);
    const reason = { reason: code ?? "", explanation: last?.rejection?.text ?? "" };
    if (last === undefined) {
      const state =
        skipOf(copy) !== undefined ? "skipped" : code === undefined ? "waiting" : "held";
      return { ...nothing, ...reason, state };
    }
    const filled = children.reduce((sum, child) => sum + child.filled, 0);
    // As the broker has them: an answer to a change may come after the fill, or never.
    const seen = last.brokerOrderId && view.state.book.orders.get(last.brokerOrderId);
    const terms = seen?.terms ?? last.terms;
    const ms = this.#ms(view, order.brokerOrderId, children);
    return {
      follower,
      childOrder: `${last.side} ${terms.quantity} at ${priceText(terms)}`,
      state: stateOf(last),
      filled,
      ...reason,
      ...(ms === undefined ? {} : { ms }),
    };
  }

  /** From the leader's order being seen to the broker's answer to its first child order. */
  #ms(view: FollowerView, id: BrokerOrderId, children: readonly Child[]): number | undefined {
    const seenAtMs = this.#seenAtMs.get(id);
    const first = children[0];
    const answeredAtMs = first && view.answeredAtMs.get(first.correlationId);
    if (seenAtMs === undefined || answeredAtMs === undefined) return undefined;
    return answeredAtMs - seenAtMs;
  }
}

/** Exit legs and what a trigger has fired are shown with the order that they belong to. */
function isPartOfAnother({ family }: OrderObservation): boolean {
  return family === "trigger-child" || family.endsWith("-leg");
}

function takeFollower(view: FollowerView, fact: FollowerFact, seq: number, atMs: number): void {
  view.state = foldFollower(view.state, fact, seq, atMs);
  view.lastSeq = seq;
  if (fact.kind === "copyOpened") view.copyIds.set(fact.leaderOrderId, fact.copyId);
  if (fact.kind === "commandAnswered" && fact.command === "place") {
    view.answeredAtMs.set(fact.correlationId, atMs);
  }
}

function copyOf({ state, copyIds }: FollowerView, leaderOrderId: string): Copy | undefined {
  const id = copyIds.get(leaderOrderId);
  return id === undefined ? undefined : state.copies.get(id);
}

/** Those that have left, or are about to: one that was prepared and taken back is nothing. */
function childrenOf({ state }: FollowerView, { children }: Copy): Child[] {
  return [...children.exit, ...children.entry]
    .map((id) => state.children.get(id))
    .filter((child) => child !== undefined)
    .filter((child) => child.state !== "notSent");
}

function skipOf({ skips }: Copy): string | undefined {
  return skips.all ?? skips.exit ?? skips.entry;
}

function holdOf({ holds }: Copy): string | undefined {
  return holds.exit ?? holds.entry;
}

function stateOf(child: Child): DemoCopy["state"] {
  const { state, filled } = child;
  if (state === "intended") return child.isPrepared ? "prepared" : "sending";
  if (state === "acked") return "accepted";
  if (state === "notSent" || state === "absent") return "not sent";
  return state === "working" && filled > 0 ? "part-filled" : state;
}

/** "NIFTY 24000 CE" for "NIFTY-Dec2026-24000-CE". */
function shortSymbol(symbol: string): string {
  return symbol.replace(/-[A-Z][a-z]{2}\d{4}-/, " ").replaceAll("-", " ");
}

/** "1650.00", "1388.00 stop 1390.00". */
function priceText({ price, triggerPrice }: OrderTerms): string {
  const limit = price === undefined ? "market" : formatE4(price);
  return triggerPrice === undefined ? limit : `${limit} stop ${formatE4(triggerPrice)}`;
}
