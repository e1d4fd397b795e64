import type { InstrumentKey } from "../../core/model/ids.ts";
import type { Link } from "../../core/model/link.ts";
import type { Settings } from "./settings.ts";

/** The links as the core takes them; settings themselves are plain JSON data. */
export function linksOf({ links }: Pick<Settings, "links">): readonly Link[] {
  return links.map(({ substitutions, ...link }) => {
    const pairs = Object.entries(substitutions) as [InstrumentKey, InstrumentKey][];
    return { ...link, ...(pairs.length === 0 ? {} : { substitutions: new Map(pairs) }) };
  });
}
