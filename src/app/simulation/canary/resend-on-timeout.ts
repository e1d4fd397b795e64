import { brokerWith, type PlantBug } from "./planted.ts";

/** A placement that nobody answered is sent once more instead of being looked for. */
export const resendOnTimeout: PlantBug = () => ({
  broker: (broker) =>
    brokerWith(broker, {
      async place(command) {
        const outcome = await broker.place(command);
        return outcome.kind === "unknown" ? broker.place(command) : outcome;
      },
    }),
});
