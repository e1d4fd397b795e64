import type { MakeAuditCheck } from "../check.ts";

/**
 * P9, kill means stop, for the stop that the broker makes: after a suspension of an account is durable
 * no entry is decided for it until it is resumed.
 */
export const suspendedMeansStop: MakeAuditCheck = (world, tell) => {
  const suspended = new Set<string>();
  return {
    onEntries({ stream, entries }) {
      const name = world.written.nameOf(stream);
      if (name === undefined) return;
      for (const { kind, body } of entries) {
        if (kind === "suspended") suspended.add(name);
        else if (kind === "resumed") suspended.delete(name);
        else if (kind === "placeIntended" && suspended.has(name)) {
          const { identity, copyId } = body as { identity: { leg: string }; copyId: string };
          if (identity.leg === "entry") tell(`${name}: an entry of ${copyId} while suspended`);
        }
      }
    },
  };
};
