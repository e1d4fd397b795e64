import { forgetful, slowToPlace } from "./forgetful.ts";
import type { PlantBug } from "./planted.ts";

/**
 * A link's mode is no more than a word on a page: every link that the settings have is active, what a
 * person has said is forgotten by the next process, and what waits goes out all the same.
 */
export const ignoreMode: PlantBug = (world) => ({
  links: (links) => links.map((link) => ({ ...link, mode: "active" })),
  journal: forgetful("linkModeSet"),
  broker: slowToPlace(world),
});
