import { brokerWith, type PlantBug } from "./planted.ts";

/** A placement that nobody answered is taken for one that never left. */
export const timeoutIsNotSent: PlantBug = () => ({
  broker: (broker) =>
    brokerWith(broker, {
      async place(command) {
        const outcome = await broker.place(command);
        return outcome.kind === "unknown" ? { ...outcome, kind: "notSent" } : outcome;
      },
    }),
});
