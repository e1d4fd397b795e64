/**
 * What links would copy of a leader's orders, one after the other, at a broker who takes everything and
 * fills each copy as far as the leader's order fills. The core decides as it does while Tandem runs;
 * nothing is sent anywhere.
 */
import type { PlaceCommand, Protection } from "../../core/model/command.ts";
import { type FollowerFact, toCopyId } from "../../core/model/fact.ts";
import { type AccountId, type InstrumentKey, toBrokerOrderId } from "../../core/model/ids.ts";
import type { Instrument } from "../../core/model/instrument.ts";
import type { Link } from "../../core/model/link.ts";
import type { MoneyE4 } from "../../core/model/money.ts";
import type { ExitLevels, OrderObservation } from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Child } from "../../core/order/child.ts";
import type { Copy } from "../../core/order/copy.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../../core/order/leader.ts";
import { DEFAULT_LIMITS } from "../../core/plan/draft.ts";
import type { Action } from "../../core/risk/approve.ts";
import { type FollowerInput, step } from "../../core/step.ts";
import { assert, must } from "../../platform/assert.ts";
import { sha256Bytes } from "../../platform/hash.ts";
import type { PreviewOrder } from "./orders-file.ts";

export interface PreviewOptions {
  readonly links: readonly Link[];
  readonly instruments: ReadonlyMap<InstrumentKey, Instrument>;
  readonly capital: ReadonlyMap<string, MoneyE4>;
  readonly nowMs: EpochMs;
}

/** What one link makes of one order. */
export interface Previewed {
  readonly link: Link;
  /** Absent where the core did not even open a copy. */
  readonly copy: Copy | undefined;
  readonly state: FollowerState;
  /** What is sent for it, in its order. */
  readonly placed: readonly PlaceCommand[];
  readonly facts: readonly FollowerFact[];
}

/** Rounds of sending and filling after one order; each settles something for good. */
const ROUNDS_MAX = 50;

interface Follower {
  state: FollowerState;
  seq: number;
  /** Sent and not taken yet. */
  outbox: PlaceCommand[];
  facts: FollowerFact[];
}

export class PreviewDay {
  readonly #options: PreviewOptions;
  readonly #leaders = new Map<AccountId, { state: LeaderState; seq: number }>();
  readonly #followers = new Map<AccountId, Follower>();
  #lastId = 0;

  constructor(options: PreviewOptions) {
    this.#options = options;
    const { links, capital } = options;
    for (const { leader } of links) {
      this.#leaders.set(leader, { state: emptyLeader(leader), seq: 0 });
      const has = capital.get(leader);
      if (has !== undefined) this.#leads(leader, { kind: "capitalObserved", capital: has });
    }
    for (const { follower } of links) {
      const state = emptyFollower(follower);
      this.#followers.set(follower, { state, seq: 0, outbox: [], facts: [] });
      this.#input(follower, { kind: "positions", nets: [] });
      const has = capital.get(follower);
      if (has !== undefined) this.#input(follower, { kind: "capital", capital: has });
    }
    for (const { id, leader, follower } of links) {
      this.#input(follower, { kind: "linkOpened", linkId: id, leader, leaderSeq: 0 });
    }
  }

  /** The leader places it, it fills as far as it says, and so do its copies. */
  place(leader: AccountId, order: PreviewOrder): readonly Previewed[] {
    const links = this.#options.links.filter((link) => link.leader === leader);
    for (const follower of this.#followers.values()) follower.facts = [];
    const placed = this.#observation(order);
    this.#tell(leader, placed);
    const sent = this.#take();
    this.#tell(leader, filledOf(placed, order.filled));
    this.#fill(placed, order.filled);
    sent.push(...this.#take());
    this.#fill(placed, order.filled);
    return links.map((link) => {
      const { state, facts } = must(this.#followers.get(link.follower), link.follower);
      const copyId = toCopyId(link.id, placed.brokerOrderId);
      const names = new Set(childrenOf(state.copies.get(copyId)));
      const own = sent.filter(({ correlationId }) => names.has(correlationId));
      const about = facts.filter((fact) => "copyId" in fact && fact.copyId === copyId);
      return { link, copy: state.copies.get(copyId), state, placed: own, facts: about };
    });
  }

  #observation(order: PreviewOrder): OrderObservation {
    const { instruments } = this.#options;
    const { instrument, side, product, terms, lastPrice, stop, target } = order;
    const isGroup = stop !== undefined || target !== undefined;
    return {
      ...this.#standing(),
      instrument,
      symbol: instruments.get(instrument)?.symbol ?? instrument,
      side,
      product,
      family: isGroup ? "super-entry" : "plain",
      terms,
      ...(lastPrice !== undefined && { lastPrice }),
      ...(isGroup && { levels: levelsOf({ ...(stop && { stop }), ...(target && { target }) }) }),
    };
  }

  /** What is the same of every order that the broker has just taken. */
  #standing() {
    const { nowMs } = this.#options;
    this.#lastId += 1;
    return {
      brokerOrderId: toBrokerOrderId(String(this.#lastId)),
      status: "working",
      filledQuantity: 0,
      reason: "",
      placedAtMs: nowMs,
      updatedAtMs: nowMs,
    } as const;
  }

  /** His books were read as well: what waits for them is decided at once. */
  #tell(leader: AccountId, order: OrderObservation): void {
    this.#leads(leader, { kind: "orderObserved", order, witness: "book" });
    const { seq } = must(this.#leaders.get(leader), leader);
    this.#leads(leader, { kind: "bookConfirmed", throughSeq: seq });
    const ids = [order.brokerOrderId];
    for (const follower of this.#followers.keys()) {
      this.#input(follower, { kind: "leaderOrders", leader, ids });
    }
  }

  #leads(leader: AccountId, fact: Parameters<typeof foldLeader>[1]): void {
    const known = must(this.#leaders.get(leader), leader);
    const seq = known.seq + 1;
    this.#leaders.set(leader, { state: foldLeader(known.state, fact, seq), seq });
  }

  #input(account: AccountId, input: FollowerInput): void {
    const follower = must(this.#followers.get(account), account);
    const { links, instruments, nowMs } = this.#options;
    const result = step(follower.state, input, {
      nowMs,
      nextSeq: follower.seq + 1,
      link: (id) => links.find((link) => link.id === id),
      leader: (id) => this.#leaders.get(id)?.state,
      areBooksRead: () => true,
      brokerAheadMs: () => 0,
      instrument: (key) => instruments.get(key),
      sha256: sha256Bytes,
      limits: DEFAULT_LIMITS,
    });
    follower.state = result.state;
    follower.seq += result.facts.length;
    follower.facts.push(...result.facts);
    follower.outbox.push(...result.actions.flatMap(placeOf));
  }

  /** Every order that was sent is taken and stands, until nothing more is sent. */
  #take(): PlaceCommand[] {
    const taken: PlaceCommand[] = [];
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const sent = [...this.#followers].flatMap(([account, follower]) =>
        follower.outbox.splice(0).map((command) => ({ account, command })),
      );
      if (sent.length === 0) return taken;
      for (const { account, command } of sent) {
        taken.push(command);
        this.#stands(account, command);
      }
    }
    assert(false, () => `still sending after ${ROUNDS_MAX} rounds`);
  }

  #stands(account: AccountId, command: PlaceCommand): void {
    const { correlationId, instrument, side, product, terms, vehicle, protection } = command;
    const order: OrderObservation = {
      ...this.#standing(),
      correlationId,
      instrument,
      symbol: "",
      side,
      product,
      family: vehicle === "super" ? "super-entry" : "plain",
      terms,
      ...(protection && { levels: levelsOf(protection) }),
    };
    this.#sees(account, order);
  }

  #sees(account: AccountId, order: OrderObservation): void {
    const startedAtMs = this.#options.nowMs;
    this.#input(account, {
      kind: "observed",
      orders: [order],
      witness: "book",
      startedAtMs,
      isWhole: false,
    });
  }

  /** Copies of the order fill in his share, in whole lots. */
  #fill({ brokerOrderId, terms }: OrderObservation, filled: number): void {
    for (const [account, { state }] of this.#followers) {
      for (const copy of state.copies.values()) {
        if (copy.leaderOrderId !== brokerOrderId) continue;
        const lot = copy.lot ?? 1;
        for (const id of childrenOf(copy)) {
          const child = state.children.get(id);
          const order = child?.brokerOrderId && state.book.orders.get(child.brokerOrderId);
          if (child === undefined || !order) continue;
          const share = Math.floor((child.terms.quantity * filled) / terms.quantity / lot) * lot;
          const units = filled === terms.quantity ? child.terms.quantity : share;
          if (units > child.filled) this.#sees(account, filledOf(order, units));
        }
      }
    }
  }
}

function placeOf(action: Action): readonly PlaceCommand[] {
  if (action.kind !== "send" && action.kind !== "prepare") return [];
  const { command } = action.approved;
  return command.kind === "place" ? [command] : [];
}

function childrenOf(copy: Copy | undefined): readonly Child["correlationId"][] {
  return copy === undefined ? [] : Object.values(copy.children).flat();
}

function levelsOf({ stop, target }: Protection): ExitLevels {
  const waits = { status: "waiting", filledQuantity: 0 } as const;
  return {
    ...(stop !== undefined && { stop: { price: stop, ...waits } }),
    ...(target !== undefined && { target: { price: target, ...waits } }),
  };
}

function filledOf(order: OrderObservation, units: number): OrderObservation {
  const price = order.terms.price ?? order.lastPrice;
  const isWhole = units === order.terms.quantity;
  const levels = order.levels && working(order.levels);
  return {
    ...order,
    filledQuantity: units,
    status: isWhole ? "filled" : order.status,
    ...(units > 0 && price !== undefined && { averagePrice: price }),
    ...(units > 0 && levels && { levels }),
  };
}

function working({ stop, target }: ExitLevels): ExitLevels {
  return {
    ...(stop && { stop: { ...stop, status: "working" } }),
    ...(target && { target: { ...target, status: "working" } }),
  };
}
