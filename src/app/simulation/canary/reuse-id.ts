import type { CorrelationId } from "../../../core/model/ids.ts";
import { brokerWith, type PlantBug } from "./planted.ts";

/** An order's name is made from too little: the next one of the same size and side has it again. */
export const reuseId: PlantBug = () => {
  const names = new Map<string, CorrelationId>();
  return {
    broker: (broker, name) =>
      brokerWith(broker, {
        place(command) {
          const { instrument, product, side, terms } = command;
          const key = [name, instrument, product, side, terms.quantity].join();
          const correlationId = names.get(key) ?? command.correlationId;
          names.set(key, correlationId);
          return broker.place({ ...command, correlationId });
        },
      }),
  };
};
