import { forgetful, slowToPlace } from "./forgetful.ts";
import type { PlantBug } from "./planted.ts";

/**
 * The kill switch is a flag of the process: the next one has forgotten it, and what waits in a queue of
 * the client's goes out all the same.
 */
export const ignoreKill: PlantBug = (world) => ({
  journal: forgetful("entriesStopped"),
  broker: slowToPlace(world),
});
