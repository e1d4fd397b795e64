/** What a person must act on is also told on the terminal: a log file alone would be a silence. */
import { formatIstTime } from "../platform/ist.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The same logger; every line of level error goes to `tell` as well, in words. */
export function tellAlarms(
  logger: Logger,
  { tell, clock }: { readonly tell: (line: string) => void; readonly clock: Clock },
  bound: Fields = {},
): Logger {
  return {
    debug: (event, fields) => logger.debug(event, fields),
    info: (event, fields) => logger.info(event, fields),
    warn: (event, fields) => logger.warn(event, fields),
    error(event, fields = {}) {
      logger.error(event, fields);
      tell(`${formatIstTime(clock.nowMs())} ${sentence(event, { ...bound, ...fields })}`);
    },
    child: (fields) => tellAlarms(logger.child(fields), { tell, clock }, { ...bound, ...fields }),
  };
}

function sentence(event: string, fields: Fields): string {
  const words = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name} ${String(value)}`);
  return `ALARM ${event.replace(/^alarm\./, "")}: ${words.join(", ")}`;
}
