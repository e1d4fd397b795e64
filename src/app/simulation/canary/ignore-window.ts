import type { PlantBug } from "./planted.ts";

/** The copy window of the settings never comes to where orders are decided. */
export const ignoreWindow: PlantBug = () => ({
  links: (links) =>
    links.map(({ guards: { window: _, ...guards }, ...link }) => ({ ...link, guards })),
});
