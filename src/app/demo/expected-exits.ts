/** The exits that go with an order at the broker, as the script of the day leaves them. Rupees. */
export type ExitName = "target" | "stop";

/** Where the script puts them; one that is absent was never asked for. */
export interface ScriptExits {
  readonly target?: number;
  readonly stop?: number;
}

export interface ExpectedExit {
  /** Undefined: wherever it took to get out at the market. */
  readonly level: number | undefined;
  readonly quantity: number;
  readonly filled: number;
  readonly status: "waiting" | "working" | "filled" | "cancelled";
}

export type ExpectedExits = Readonly<Partial<Record<ExitName, ExpectedExit>>>;

const NAMES: readonly ExitName[] = ["target", "stop"];

function each(
  exits: ExpectedExits,
  change: (exit: ExpectedExit, name: ExitName) => ExpectedExit,
): ExpectedExits {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const exit = exits[name];
      return exit === undefined ? [] : [[name, change(exit, name)]];
    }),
  );
}

/** They wait for their entry. */
export function placedExits(script: ScriptExits): ExpectedExits {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const level = script[name];
      const exit: ExpectedExit = { level, quantity: 0, filled: 0, status: "waiting" };
      return level === undefined ? [] : [[name, exit]];
    }),
  );
}

/** The entry has so many units by now: they are for all of them. */
export function exitsOfEntry(exits: ExpectedExits, quantity: number): ExpectedExits {
  if (quantity === 0) return exits;
  return each(exits, (exit) => ({ ...exit, quantity, status: "working" }));
}

/** Nothing came in and nothing will. */
export function exitsUnused(exits: ExpectedExits): ExpectedExits {
  return each(exits, (exit) => ({ ...exit, status: "cancelled" }));
}

export function exitMoved(exits: ExpectedExits, name: ExitName, level: number): ExpectedExits {
  return each(exits, (exit, own) => (own === name ? { ...exit, level } : exit));
}

/** One takes all out, and the other ends. */
export function exitFilled(exits: ExpectedExits, name: ExitName): ExpectedExits {
  return each(exits, (exit, own) =>
    own === name
      ? { ...exit, filled: exit.quantity, status: "filled" }
      : { ...exit, status: "cancelled" },
  );
}

/** The same at the market, wherever that was: the level says nothing any more. */
export function exitAtMarket(exits: ExpectedExits, name: ExitName): ExpectedExits {
  return each(exitFilled(exits, name), (exit) => ({ ...exit, level: undefined }));
}

export function unitsOut(exits: ExpectedExits): number {
  return NAMES.reduce((sum, name) => sum + (exits[name]?.filled ?? 0), 0);
}
