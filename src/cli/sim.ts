import { type Command, InvalidArgumentError } from "commander";
import {
  addJsonOption,
  addPortOption,
  type CommandFrame,
  integerBetween,
} from "./command-frame.ts";
import { table } from "./table.ts";

export interface SimulatorRequest {
  readonly port: number;
  readonly seed?: number;
  readonly hasMovingPrices: boolean;
  /** Broker client ids of the accounts to open. */
  readonly clientIds: readonly string[];
}

export interface RunningSimulator {
  readonly restUrl: string;
  readonly authUrl: string;
  readonly orderUpdateUrl: string;
  readonly instrumentsUrl: string;
  readonly controlUrl: string;
  /** Their tokens are worth nothing anywhere else. */
  readonly accounts: readonly { readonly clientId: string; readonly accessToken: string }[];
  stop(): Promise<void>;
}

/** Resolves when it listens; rejects with an AppError when it cannot. */
export type StartSimulator = (request: SimulatorRequest) => Promise<RunningSimulator>;

export const SIMULATOR_PORT = 4610;
const DEFAULT_CLIENT_IDS = ["1100000001", "1100000002"];
const CLIENT_IDS_MAX = 5_000;

interface SimOptions {
  readonly port: number;
  readonly seed?: number;
  readonly movingPrices?: true;
  readonly account?: readonly string[];
  readonly json?: true;
}

export function addSimCommand(program: Command, frame: CommandFrame, start: StartSimulator): void {
  const command = program
    .command("sim")
    .summary("run a simulated broker")
    .description(
      "Runs a broker in a box that speaks the same wire as the real one, until it is stopped.\n" +
        "Point Tandem, or anything else, at the addresses that it prints.",
    )
    .option("--seed <number>", "the same seed, the same simulator", integerBetween(0, 2 ** 31))
    .option("--moving-prices", "let prices move by themselves")
    .option(
      "--account <id>",
      `client id of an account to open; repeat for more (default: ${DEFAULT_CLIENT_IDS.join(", ")})`,
      addClientId,
    );
  addJsonOption(addPortOption(command, SIMULATOR_PORT)).action(async (options: SimOptions) => {
    const simulator = await start({
      port: options.port,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      hasMovingPrices: options.movingPrices === true,
      clientIds: options.account ?? DEFAULT_CLIENT_IDS,
    });
    try {
      if (options.json) frame.terminal.printJson({ ...simulator, stop: undefined });
      else printSimulator(simulator, frame);
      await frame.untilStopped();
    } finally {
      await simulator.stop();
    }
  });
}

function addClientId(id: string, earlier: readonly string[] = []): readonly string[] {
  if (!/^[A-Za-z0-9]{4,20}$/.test(id)) {
    throw new InvalidArgumentError("expected 4 to 20 letters or digits");
  }
  if (earlier.includes(id)) throw new InvalidArgumentError("this account was named already");
  if (earlier.length === CLIENT_IDS_MAX) {
    throw new InvalidArgumentError(`expected ${CLIENT_IDS_MAX} accounts at most`);
  }
  return [...earlier, id];
}

function printSimulator(simulator: RunningSimulator, { terminal }: CommandFrame): void {
  const addresses = [
    ["REST", simulator.restUrl],
    ["login", simulator.authUrl],
    ["order updates", simulator.orderUpdateUrl],
    ["instruments", simulator.instrumentsUrl],
    ["control", simulator.controlUrl],
  ] as const;
  terminal.print(
    table(
      addresses,
      [
        { header: "simulator", text: ([name]) => name, isWhole: true },
        { header: "address", text: ([, address]) => address, isWhole: true },
      ],
      terminal,
    ),
  );
  terminal.print("");
  terminal.print(
    table(
      simulator.accounts,
      [
        { header: "client id", text: ({ clientId }) => clientId, isWhole: true },
        { header: "access token", text: ({ accessToken }) => accessToken, isWhole: true },
      ],
      terminal,
    ),
  );
  terminal.print("\nThe simulator is running; Ctrl-C ends it");
}
