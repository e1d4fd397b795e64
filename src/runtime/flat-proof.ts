/** The proof that an account is flat of what was copied: by its state, and by positions read after it. */
import type { AccountId } from "../core/model/ids.ts";
import type { FollowerState } from "../core/order/follower-state.ts";
import type { AccountFeed } from "./account-feed.ts";
import type { FollowerLoop } from "./follower-loop.ts";
import { isFlat, type StillIn, stillIn } from "./still-in.ts";

/** How an account stands that is to be flat. */
export interface Flatness extends StillIn {
  readonly account: AccountId;
  /** Nothing copied is in, and positions whose read began after that was so say it, too. */
  readonly isProved: boolean;
  /** Why its books or its orders cannot be relied on just now; "" when they can. */
  readonly problem: string;
}

export class FlatProof {
  readonly #wantPositions: () => number;
  /** What was copied when its state said so, which every fill of ours changes. */
  #copied: FollowerState["copied"] | undefined;
  #wanted = Number.POSITIVE_INFINITY;
  #read = 0;

  /** `wantPositions` arranges a read that begins after the call, and returns a number that grows. */
  constructor(wantPositions: () => number) {
    this.#wantPositions = wantPositions;
  }

  /** Positions are known whose read began when this had been wanted. */
  positionsRead(wanted: number): void {
    this.#read = wanted;
  }

  /** Asked again and again, it comes to be proved where nothing copied is in. */
  ask(state: FollowerState, problem: string): Flatness {
    const left = stillIn(state);
    if (!isFlat(left)) this.#copied = undefined;
    else if (this.#copied !== state.copied) {
      this.#copied = state.copied;
      this.#wanted = this.#wantPositions();
    }
    const isProved = this.#copied !== undefined && this.#read >= this.#wanted;
    return { account: state.account, ...left, isProved, problem };
  }
}

/** Why what is known of the account cannot be relied on; "" when it can. */
export function troubleOf({
  feed,
  follower,
}: {
  readonly feed: Pick<AccountFeed, "state" | "problem">;
  readonly follower: Pick<FollowerLoop, "state"> | undefined;
}): string {
  if (feed.state !== "proved") return feed.problem;
  const cause = follower?.state.suspended;
  return cause === undefined ? "" : `the broker refuses its orders (${cause})`;
}
