/** Repairs at any moment of any day: they never flip a position, overshoot, or sell what is not ours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LINK, linkOf, orderOf } from "../../../test/core/builders.ts";
import type { Desk } from "../../../test/core/desk.ts";
import { type Move, moves, RandomDay } from "../../../test/core/random-day.ts";
import { offersAt, repairs, seenOf } from "../../../test/core/repairs.ts";
import { driftsOf } from "../drift/drift.ts";
import type { Drift } from "../model/drift.ts";
import type { CopyId } from "../model/fact.ts";
import { opposite, signOf } from "../model/order.ts";
import type { SeenPosition } from "../model/repair.ts";
import { netUnits, toPositionKey } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import { copiedKeyOf, copiedUnits } from "../order/follower-state.ts";
import { legFilled } from "./consider.ts";

/** What one repair leaves may be told of differently by the next; each makes it less. */
const ROUNDS_MAX = 12;

/** A day on which somebody looks, confirms what he saw some time later, and sells by hand. */
class RepairedDay {
  readonly day: RandomDay;
  #seen: readonly SeenPosition[] = [];
  #byHand = 0;
  #facts = 0;
  readonly #isInstant: boolean;
  readonly #filled = new Map<CopyId, number>();
  readonly #copied = new Map<CopyId, number>();

  constructor(isInstant: boolean, isByRule: boolean) {
    this.day = new RandomDay({ isInstant });
    this.#isInstant = isInstant;
    const repair = { kind: "towards-less", afterMs: 5_000 } as const;
    const { desk } = this;
    if (isByRule) desk.links.set(LINK, linkOf({ repair }));
    const input = desk.input.bind(desk);
    desk.input = (given) => {
      const result = input(given);
      this.#checkSent();
      if (this.#isInstant) this.#checkFills();
      return result;
    };
  }

  get desk(): Desk {
    return this.day.desk;
  }

  play(move: Move, other: number): void {
    if (other < 2) this.#seen = offersAt(this.desk).map(seenOf);
    else if (other < 5) repairs(this.desk, this.#seen);
    else if (other < 6) repairs(this.desk);
    else if (other < 7) this.#sellsByHand(move);
    else this.day.play(move);
  }

  /** Everything is answered and known, and he repairs what he is offered until nothing is left. */
  ends(): void {
    this.day.calmsDown();
    for (let round = 0; round < ROUNDS_MAX && !this.#isOver(); round += 1) {
      repairs(this.desk);
      this.desk.settle();
      for (const child of this.desk.children()) {
        if (child.state === "working") this.desk.fills(child);
      }
      this.day.calmsDown();
    }
    assert.deepEqual(this.#offered(), []);
    assert.ok(this.#repairs().every(({ isClosed }) => isClosed));
  }

  #isOver(): boolean {
    return this.#offered().length === 0 && this.#repairs().every(({ isClosed }) => isClosed);
  }

  #offered() {
    return offersAt(this.desk).filter(({ order }) => order !== undefined);
  }

  #sellsByHand({ which, units }: Move): void {
    const { follower } = this.desk;
    const [copy] = [...follower.copies.values()].slice(which % (follower.copies.size + 1));
    if (copy === undefined) return;
    const net = netUnits(follower.book, toPositionKey(copy.instrument, copy.product));
    if (net === 0) return;
    this.#byHand += 1;
    const quantity = Math.min(Math.abs(net), units);
    const side = net > 0 ? "SELL" : "BUY";
    const { instrument } = copy;
    const order = orderOf(`H${this.#byHand}`, { instrument, side, terms: { quantity } });
    this.desk.sees({ ...order, status: "filled", filledQuantity: quantity, isByHand: true });
  }

  #repairs(): Copy[] {
    return [...this.desk.follower.copies.values()].filter(({ repair }) => repair !== undefined);
  }

  #driftOf(copy: Copy): Drift | undefined {
    const { follower, leader } = this.desk;
    return driftsOf({ linkId: LINK, follower, leader, only: copiedKeyOf(copy) })[0];
  }

  /** What a repair sends is towards the target, and no more than is missing or too much. */
  #checkSent(): void {
    const { follower } = this.desk;
    for (const { fact } of this.desk.recorded.slice(this.#facts)) {
      if (fact.kind !== "placeIntended") continue;
      const copy = follower.copies.get(fact.copyId);
      if (copy?.repair === undefined) continue;
      const { side, terms } = fact.command;
      const drift = this.#driftOf(copy);
      assert.ok(drift, "nothing differs");
      const { difference, target } = drift;
      assert.equal(signOf(side), -Math.sign(difference));
      assert.ok(terms.quantity <= Math.abs(difference), `${terms.quantity} of ${difference}`);
      const actual = target + difference;
      if (copy.exit === undefined) assert.ok(signOf(side) * actual >= 0, "an entry that exits");
      else assert.ok(terms.quantity <= -signOf(side) * actual, `${terms.quantity} of ${actual}`);
      if (copy.exit !== undefined) this.#checkOnTheWay(copy);
    }
    this.#facts = this.desk.recorded.length;
  }

  /**
   * No fill of a repair that takes out opens the other side: where the leader's exits do not rest side
   * by side, which may both fill before one could be cut, and he himself is not there.
   */
  #checkFills(): void {
    const { follower } = this.desk;
    for (const copy of this.#repairs()) {
      const filled = legFilled(follower, copy, "exit");
      const there = copiedUnits(follower, copy);
      const before = this.#copied.get(copy.copyId) ?? there;
      if (filled > (this.#filled.get(copy.copyId) ?? 0)) {
        const isMeant = Math.sign(this.#driftOf(copy)?.target ?? 0) === Math.sign(there);
        assert.ok(there * before >= 0 || isMeant, `${before} became ${there}`);
      }
      this.#filled.set(copy.copyId, filled);
      this.#copied.set(copy.copyId, there);
    }
  }

  /** When it is sent: with any other exit that rests it stands for no more than there is. */
  #checkOnTheWay(repair: Copy): void {
    const { follower } = this.desk;
    const leaves = (copy: Copy) =>
      copy.children.exit
        .map((id) => follower.children.get(id))
        .filter((child) => child !== undefined && isOpen(child.state))
        .reduce((sum, child) => sum + (child ? child.terms.quantity - child.filled : 0), 0);
    const others = [...follower.copies.values()]
      .filter((copy) => copy.copyId !== repair.copyId && copy.side === repair.side)
      .filter((copy) => copiedKeyOf(copy) === copiedKeyOf(repair))
      .map(leaves);
    const there = signOf(opposite(repair.side)) * copiedUnits(follower, repair);
    const most = Math.max(0, ...others);
    assert.ok(
      leaves(repair) + most <= Math.max(there, 0),
      `${leaves(repair)} + ${most} of ${there}`,
    );
  }
}

test("a repair never sends more than differs, never flips, and ends; nothing that it could do is left", () => {
  fc.assert(
    fc.property(
      moves,
      fc.infiniteStream(fc.nat({ max: 19 })),
      fc.boolean(),
      fc.boolean(),
      (list, others, isInstant, isByRule) => {
        const day = new RepairedDay(isInstant, isByRule);
        for (const move of list) day.play(move, others.next().value);
        day.ends();
      },
    ),
    { numRuns: 150 },
  );
});
