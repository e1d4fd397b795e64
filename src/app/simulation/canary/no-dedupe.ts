import { toBrokerOrderId } from "../../../core/model/ids.ts";
import { dropCopyThrough, type PlantBug } from "./planted.ts";

/** A frame of the leader's that comes twice is taken for a second order of his. */
export const noDedupe: PlantBug = () => {
  const seen = new Map<string, number>();
  return {
    dropCopy: (dropCopy, name) =>
      dropCopyThrough(dropCopy, (event, tell) => {
        tell(event);
        if (name !== "leader" || event.kind !== "order") return;
        const { brokerOrderId, status, filledQuantity, updatedAtMs, terms } = event.observation;
        const key = JSON.stringify([brokerOrderId, status, filledQuantity, updatedAtMs, terms]);
        const times = (seen.get(key) ?? 0) + 1;
        seen.set(key, times);
        if (times === 1) return;
        const another = toBrokerOrderId(`${brokerOrderId}-${times}`);
        tell({ ...event, observation: { ...event.observation, brokerOrderId: another } });
      }),
  };
};
