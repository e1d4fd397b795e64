/** What is allowed and yet not what the operator may think. */
import { BROKER_PRESETS, venueOf } from "./presets.ts";
import type { Settings } from "./settings.ts";

export function warningsOf(settings: Settings): readonly string[] {
  return [
    ...brokerWarnings(settings),
    ...unlinkedWarnings(settings),
    ...substitutionWarnings(settings),
  ];
}

/** The kind of what a segment trades is what stands behind its exchange: EQ, FNO, COMM. */
function substitutionWarnings({ links }: Settings): string[] {
  const kindOf = (contract: string) => contract.replace(/:.*$/, "").split("_").at(-1);
  return links.flatMap(({ id, substitutions }) =>
    Object.entries(substitutions)
      .filter(([from, to]) => kindOf(from) !== kindOf(to))
      .map(
        ([from, to]) =>
          `link ${id}: ${from} is traded as ${to}, another kind of contract, ` +
          "and its prices are carried as they are",
      ),
  );
}

function brokerWarnings({ broker }: Settings): string[] {
  const { restUrl, orderUpdateUrl, calendar, calendarFile } = broker;
  const found: string[] = [];
  if (calendar === "always-open" && calendarFile !== undefined) {
    found.push("broker: calendarFile is not used, because calendar is always-open");
  }
  if (orderUpdateUrl === undefined) {
    found.push("broker: no order-update socket, so orders are seen only when the books are polled");
  }
  if (venueOf(broker) === "custom" && orderUpdateUrl === BROKER_PRESETS.live.orderUpdateUrl) {
    found.push(`broker: orders go to ${restUrl}, but order updates come from the live broker`);
  }
  for (const url of [restUrl, broker.authUrl, orderUpdateUrl ?? restUrl]) {
    if (sendsInTheClear(url)) found.push(`broker: access tokens travel unencrypted to ${url}`);
  }
  return [...new Set(found)];
}

function sendsInTheClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return (protocol === "http:" || protocol === "ws:") && !isLoopback;
}

function unlinkedWarnings({ accounts, links }: Settings): string[] {
  const linked = new Set(links.flatMap(({ leader, follower }) => [leader, follower]));
  const unlinked = accounts.map(({ id }) => id).filter((id) => !linked.has(id));
  return unlinked.length === 0 ? [] : [`accounts in no link: ${shortList(unlinked)}`];
}

const NAMES_SHOWN_MAX = 5;

function shortList(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN_MAX;
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
