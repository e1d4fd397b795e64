/** The auditor of the running program, and what a breach that it finds leads to. */
import type { Auditor } from "../audit/auditor.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Desk, DeskOptions } from "../runtime/desk.ts";
import { startAuditing } from "./auditing.ts";
import { BreachStop } from "./breach-stop.ts";

export interface WatchOptions
  extends Pick<DeskOptions, "journal" | "accounts" | "links" | "instrument"> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Texts that may never stand in the journal. */
  readonly secrets: readonly string[];
}

export class PromiseWatch implements AsyncDisposable {
  readonly auditor: Auditor;
  /** For the desk, in place of those that were given. */
  readonly ports: Pick<DeskOptions, "journal" | "accounts">;
  readonly #breachStop: BreachStop;
  #desk: Desk | undefined;

  constructor({ secrets, ...options }: WatchOptions) {
    this.#breachStop = new BreachStop(options.logger);
    const { auditor, ...ports } = startAuditing({
      ...options,
      secrets: () => secrets,
      desk: () => this.#desk,
      onBreach: (breach) => this.#breachStop.found(breach),
    });
    this.auditor = auditor;
    this.ports = ports;
  }

  /** This is the desk that a breach stops. */
  guard(desk: Desk): void {
    this.#desk = desk;
    this.#breachStop.guard(desk);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.auditor.close();
  }
}
