/** The shadow followers of a running Tandem: their paper exchange, and the ears at their leaders. */
import { join } from "node:path";
import type { InstrumentKey } from "../../core/model/ids.ts";
import type { Instrument } from "../../core/model/instrument.ts";
import type { Link } from "../../core/model/link.ts";
import { followerStream } from "../../core/model/stream.ts";
import { must } from "../../platform/assert.ts";
import { AppError } from "../../platform/fault.ts";
import { systemRandom } from "../../platform/random.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import type { Logger } from "../../ports/logger.ts";
import type { DeskAccount } from "../../runtime/desk.ts";
import type { AccountSettings, CalendarRule } from "../config/settings.ts";
import { withEar } from "./leader-ear.ts";
import { PaperExchange } from "./paper-exchange.ts";
import { openShadow, type RealAccount } from "./shadow-account.ts";
import { shadowsOf } from "./shadow-remarks.ts";

/** Beside the journal: the two belong together. */
export const PAPER_FILE = "paper.jsonl";

export interface ShadowsOptions {
  readonly accounts: readonly AccountSettings[];
  readonly links: readonly Link[];
  readonly calendar: CalendarRule;
  readonly requestTimeoutMs: number;
  readonly dataDir: string;
  readonly journal: Pick<Journal, "lastSeq">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: (key: InstrumentKey) => Instrument | undefined;
}

export class Shadows implements AsyncDisposable {
  readonly #options: ShadowsOptions;
  readonly #exchange: PaperExchange;

  private constructor(options: ShadowsOptions, exchange: PaperExchange) {
    this.#options = options;
    this.#exchange = exchange;
  }

  /**
   * Undefined where no account is a shadow; no file is made then. Throws an AppError when the paper
   * books cannot be read, or are not those that the journal tells of.
   */
  static async open(options: ShadowsOptions): Promise<Shadows | undefined> {
    const shadows = options.accounts.filter(({ shadow }) => shadow !== undefined);
    if (shadows.length === 0) return undefined;
    const { dataDir, calendar, journal } = options;
    const exchange = PaperExchange.open({
      ...options,
      file: join(dataDir, PAPER_FILE),
      hours: calendar,
    });
    await using undo = new AsyncDisposableStack();
    undo.use(exchange);
    for (const { id } of shadows) {
      const hasCopied = (await journal.lastSeq(followerStream(id))) > 0;
      if (hasCopied && !exchange.hasAccount(id)) throw bookMissing(id, dataDir);
    }
    undo.move();
    return new Shadows(options, exchange);
  }

  /** A shadow's account for the desk; `real` is the account at the broker behind it, if it has one. */
  account({ id, shadow }: AccountSettings, real: RealAccount | undefined): DeskAccount {
    const { clock, logger, requestTimeoutMs } = this.#options;
    const { capital } = must(shadow, `${id} is a shadow`);
    logger.info("shadow.opened", { account: id, funds: real === undefined ? "paper" : "broker" });
    return openShadow({
      id,
      exchange: this.#exchange,
      capital,
      ...(real !== undefined && { real }),
      clock,
      random: systemRandom(),
      requestTimeoutMs,
    });
  }

  /** The same account; where a shadow follows it, its orders tell the paper exchange of prices. */
  heard(account: DeskAccount): DeskAccount {
    const { id } = account;
    const shadows = shadowsOf(this.#options);
    const links = this.#options.links.filter(({ leader, follower }) => {
      return leader === id && shadows.includes(follower);
    });
    if (links.length === 0) return account;
    return withEar(account, (order) => {
      const traded = links.map(({ substitutions }) => {
        return substitutions?.get(order.instrument) ?? order.instrument;
      });
      this.#exchange.leaderOrderSeen(id, order, new Set(traded));
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#exchange[Symbol.asyncDispose]();
  }
}

function bookMissing(id: string, dataDir: string): AppError {
  return new AppError({
    code: "PAPER_BOOK_MISSING",
    message: `the journal in ${dataDir} tells of copies of the shadow ${id}, and ${PAPER_FILE} has no account of it`,
    remedy: `Restore ${PAPER_FILE} from the same copy as the journal, or give the shadow a new id.`,
  });
}
