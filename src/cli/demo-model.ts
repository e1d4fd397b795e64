/** What the demo has to show, and what shows it. */

/** How one leader order stands. */
export interface DemoOrder {
  /** 1 for the day's first. */
  readonly number: number;
  readonly leaderOrderId: string;
  /** "BUY 50 HDFCBANK at 1650.00" */
  readonly leaderOrder: string;
  /** "BUY 50 HDFCBANK" */
  readonly brief: string;
  /** "working", "filled" … */
  readonly state: string;
  readonly filled: number;
  readonly copies: readonly DemoCopy[];
}

/** What one follower has of it. */
export interface DemoCopy {
  readonly follower: string;
  /** "BUY 25 at 1650.00"; "" when there is none. */
  readonly childOrder: string;
  readonly state:
    | "waiting"
    | "held"
    | "skipped"
    | "prepared"
    | "sending"
    | "unknown"
    | "not sent"
    | "accepted"
    | "working"
    | "part-filled"
    | "filled"
    | "cancelled"
    | "rejected"
    | "expired";
  /** Code of why it was skipped or is held; "" when it was not. */
  readonly reason: string;
  /** The broker's words, if it had any. */
  readonly explanation: string;
  readonly filled: number;
  /** Milliseconds from Tandem seeing the leader's order to the broker's answer to the copy. */
  readonly ms?: number;
}

export interface DemoFollower {
  readonly name: string;
  /** "x0.5" */
  readonly rule: string;
}

/** Something at the broker that the script of the day does not account for. */
export interface DemoDifference {
  readonly account: string;
  readonly leaderOrderId?: string;
  readonly text: string;
}

export interface PlayedDemo {
  readonly followers: readonly DemoFollower[];
  readonly orders: readonly DemoOrder[];
  /** None when every copy came to what it should have. */
  readonly differences: readonly DemoDifference[];
  /** What was counted and checked, as sentences. */
  readonly findings: readonly string[];
  /** First and last number of the orders that came all at once. */
  readonly burst: readonly [number, number];
  readonly elapsedMs: number;
  /** Where things are and what to try next. */
  readonly remarks: readonly string[];
  /** Goes on showing what happens; resolves when stopped. */
  watch(screen: DemoScreen): Promise<void>;
  stop(): Promise<void>;
}

export interface DemoScreen {
  say(line: string): void;
  /** A new part of the day begins. */
  scene(title: string, about: string): void;
  /** How all orders of the day stand by now. */
  show(orders: readonly DemoOrder[]): void;
  /** The scene is over: what is shown of it stays. */
  endScene(): void;
}
