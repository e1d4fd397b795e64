/** What is said of shadows before Tandem is left alone, and how their lines in the log are told apart. */
import type { Logger } from "../../ports/logger.ts";
import type { Settings } from "../config/settings.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Followers that copy on paper, by their ids. */
export function shadowsOf({ accounts }: Pick<Settings, "accounts">): readonly string[] {
  return accounts.filter(({ shadow }) => shadow !== undefined).map(({ id }) => id);
}

/** One sentence; none where there is no shadow. */
export function shadowRemarks(settings: Settings): readonly string[] {
  const shadows = shadowsOf(settings);
  if (shadows.length === 0) return [];
  const verb = shadows.length === 1 ? "is a shadow" : "are shadows";
  return [
    `SHADOW: ${shadows.join(", ")} ${verb}: what would have been copied stays on paper, nothing is sent`,
  ];
}

/** No account of these settings can send an order. */
export function areAllShadows({ accounts, links }: Settings): boolean {
  const shadows = shadowsOf({ accounts });
  return links.every(({ follower }) => shadows.includes(follower));
}

/** The same logger; every line about one of these accounts says that it is a shadow. */
export function markShadows(logger: Logger, shadows: readonly string[]): Logger {
  const marked = (fields: Fields | undefined): Fields | undefined =>
    isAbout(fields, shadows) ? { ...fields, shadow: true } : fields;
  return {
    debug: (event, fields) => logger.debug(event, marked(fields)),
    info: (event, fields) => logger.info(event, marked(fields)),
    warn: (event, fields) => logger.warn(event, marked(fields)),
    error: (event, fields) => logger.error(event, marked(fields)),
    child: (fields) => markShadows(logger.child(marked(fields) ?? {}), shadows),
  };
}

function isAbout(fields: Fields | undefined, shadows: readonly string[]): boolean {
  return shadows.some((id) => id === fields?.account);
}
