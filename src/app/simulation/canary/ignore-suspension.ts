import { brokerWith, type PlantBug } from "./planted.ts";

/** That the broker refuses all orders of an account is taken for the refusal of this one alone. */
export const ignoreSuspension: PlantBug = () => ({
  broker: (broker) =>
    brokerWith(broker, {
      async place(command) {
        const outcome = await broker.place(command);
        if (outcome.kind !== "rejected") return outcome;
        const isSuspending = outcome.reason === "auth" || outcome.reason === "address";
        return isSuspending ? { ...outcome, reason: "other" } : outcome;
      },
    }),
});
