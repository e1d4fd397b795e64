/** When commands were handed to the wire: from then on nothing on this side can call them off. */
import type { HttpRequest } from "../../../ports/transport.ts";
import type { World } from "../world.ts";

/** When each placement, and the last change of each order, was handed to the wire. */
export class Wire {
  readonly #leftMs = new Map<string, number>();

  constructor(world: World) {
    world.onCommand.add((name, request) => {
      const about = aboutOf(request);
      if (about !== undefined) this.#leftMs.set(`${name} ${about}`, world.clock.monotonicMs());
    });
  }

  /** `about`: the name of a placement, or the number of the order that is changed. */
  leftMs(name: string, about: string | undefined): number | undefined {
    return this.#leftMs.get(`${name} ${about}`);
  }
}

function aboutOf({ method, path, body = "{}" }: HttpRequest): string | undefined {
  if (method === "PUT") return path.split("/").at(-1);
  if (method !== "POST") return undefined;
  return (JSON.parse(body) as { correlationId?: string }).correlationId;
}
