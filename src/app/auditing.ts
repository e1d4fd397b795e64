/** The auditor and the ports that it listens at, for whoever puts a desk together. */
import { Auditor, type Breach } from "../audit/auditor.ts";
import type { TradeRules } from "../audit/check.ts";
import { observedBroker, observedDropCopy, observedJournal } from "../audit/observe-ports.ts";
import type { InstrumentKey } from "../core/model/ids.ts";
import type { Instrument } from "../core/model/instrument.ts";
import type { Link } from "../core/model/link.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { Desk, DeskAccount } from "../runtime/desk.ts";

export interface AuditingOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: readonly DeskAccount[];
  readonly links: readonly Link[];
  readonly instrument: (key: InstrumentKey) => Instrument | undefined;
  readonly secrets: () => readonly string[];
  /** Undefined while it starts. */
  readonly desk: () => Desk | undefined;
  readonly onBreach: (breach: Breach) => void;
  /** As of the auditor; for simulations, where every look is a turn of the clock. */
  readonly pauseMs?: number;
}

export interface Auditing {
  readonly auditor: Auditor;
  /** For the desk, in place of those that were given. */
  readonly journal: Journal;
  readonly accounts: readonly DeskAccount[];
}

export function startAuditing(options: AuditingOptions): Auditing {
  const { journal, clock, logger, links, instrument, secrets, desk, onBreach, pauseMs } = options;
  const auditor = new Auditor({
    journal,
    clock,
    logger,
    links,
    secrets,
    rulesOf: (key) => rulesOf(instrument(key as InstrumentKey)),
    armed: () => armedLinks(desk(), links),
    onBreach,
    ...(pauseMs !== undefined && { pauseMs }),
  });
  return {
    auditor,
    journal: observedJournal(journal, clock, auditor),
    accounts: options.accounts.map(({ id, broker, dropCopy }) => ({
      id,
      broker: observedBroker(broker, id, clock, auditor),
      dropCopy: observedDropCopy(dropCopy, id, clock, auditor),
    })),
  };
}

/** Both accounts of them are known, and new orders of the leader are acted on. */
export function armedLinks(desk: Desk | undefined, links: readonly Link[]): ReadonlySet<string> {
  const stations = new Map(desk?.stations.map((station) => [station.account, station]));
  const isArmed = ({ id, leader, follower, mode }: Link) => {
    const isProved = [leader, follower].every((account) => {
      return stations.get(account)?.feed.state === "proved";
    });
    const loop = stations.get(follower)?.follower;
    return mode !== "paused" && isProved && loop?.isArmed === true && loop.state.links.has(id);
  };
  return new Set(links.filter(isArmed).map(({ id }) => id));
}

function rulesOf(instrument: Instrument | undefined): TradeRules | undefined {
  if (instrument === undefined) return undefined;
  const { lotSize, tick, freeze } = instrument;
  // Past its date the table says nothing for certain.
  const isKnown = freeze !== undefined && !freeze.isStale;
  return { lotSize, tickE4: tick, ...(isKnown && { freezeUnits: freeze.units }) };
}
