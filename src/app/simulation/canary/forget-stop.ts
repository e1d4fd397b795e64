import { brokerWith, type PlantBug } from "./planted.ts";

/** The entry of a group is placed as a plain order: its stop, and its target, never were. */
export const forgetStop: PlantBug = () => ({
  broker: (broker) =>
    brokerWith(broker, {
      place(command) {
        if (command.protection?.stop === undefined) return broker.place(command);
        const { protection: _, vehicle: __, ...bare } = command;
        return broker.place(bare);
      },
    }),
});
