/**
 * The mode that holds for each follower's link, read out of the settings and of what a person has said:
 * whoever spoke last. His word holds from when it is durable, that of the settings from the moment at
 * which the process that runs, or the next one to begin, has them.
 */
import type { NewEntry } from "../../../ports/journal.ts";
import type { World } from "../world.ts";

export type Mode = "active" | "close-only" | "paused";

/** Monotonic; `untilMs` is Infinity for the stretch that holds. */
export interface ModeStretch {
  readonly mode: Mode;
  readonly sinceMs: number;
  untilMs: number;
}

interface Said {
  readonly mode: Mode;
  readonly over: Mode;
}

interface Known {
  settings: Mode;
  said: Said | undefined;
  readonly stretches: [ModeStretch, ...ModeStretch[]];
}

export class ModesInForce {
  readonly #world: World;
  readonly #known = new Map<string, Known>();

  constructor(world: World) {
    this.#world = world;
    for (const { name } of world.options.followers) {
      const settings = this.#settingsOf(name);
      const first = { mode: settings, sinceMs: 0, untilMs: Number.POSITIVE_INFINITY };
      this.#known.set(name, { settings, said: undefined, stretches: [first] });
    }
    world.onEdited.add((name) => {
      if (!world.isDown) this.#readsSettings(name);
    });
    world.onBegin.add(() => {
      for (const name of this.#known.keys()) this.#readsSettings(name);
    });
  }

  /** Of the follower's stream. */
  take(name: string, { kind, body }: NewEntry): void {
    const known = this.#known.get(name);
    if (kind !== "linkModeSet" || known === undefined) return;
    const said = body as Said;
    // The settings have spoken since it was decided.
    known.said = said.over === known.settings ? said : undefined;
    this.#moved(known);
  }

  /** Oldest first, without a gap; empty for one who has no link. */
  stretchesOf(name: string): readonly ModeStretch[] {
    return this.#known.get(name)?.stretches ?? [];
  }

  /** Whether the link was in one of these modes at any time since then. */
  wasIn(name: string, modes: readonly Mode[], sinceMs: number): boolean {
    return this.stretchesOf(name).some(
      ({ mode, untilMs }) => modes.includes(mode) && untilMs >= sinceMs,
    );
  }

  #settingsOf(name: string): Mode {
    return this.#world.rulesOf(name).at(-1)?.link?.mode ?? "active";
  }

  #readsSettings(name: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    known.settings = this.#settingsOf(name);
    if (known.said?.over !== known.settings) known.said = undefined;
    this.#moved(known);
  }

  #moved({ settings, said, stretches }: Known): void {
    const mode = said?.mode ?? settings;
    const last = stretches.at(-1);
    if (last === undefined || last.mode === mode) return;
    const nowMs = this.#world.clock.monotonicMs();
    last.untilMs = nowMs;
    stretches.push({ mode, sinceMs: nowMs, untilMs: Number.POSITIVE_INFINITY });
  }
}
