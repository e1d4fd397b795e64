import type { Link } from "../../../core/model/link.ts";
import type { Awaited } from "./when-it.ts";

/** New rules of one follower's link, in force at once. */
export interface RuleEdit {
  /** Names it when a day is reduced. */
  readonly id: number;
  /** Since the day began, milliseconds. */
  readonly atMs: number;
  readonly account: string;
  /** Waits for this of the account, for a while. */
  readonly awaits?: Awaited;
  readonly link: Partial<Link>;
}
