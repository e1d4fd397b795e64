import type { RunningSimulator, SimulatorRequest } from "../cli/sim.ts";
import { listenFault } from "../server/listen-fault.ts";
import { createSimulator } from "../simulator/index.ts";

/** What `tandem sim` does. */
export async function startSimulator(request: SimulatorRequest): Promise<RunningSimulator> {
  const { port, seed, hasMovingPrices, clientIds } = request;
  const simulator = createSimulator({
    ...(seed === undefined ? {} : { seed }),
    prices: hasMovingPrices ? "moving" : "still",
  });
  try {
    const accounts = clientIds.map((clientId) => simulator.createAccount({ clientId }));
    const { restUrl, authUrl, orderUpdateUrl, instrumentsUrl, controlUrl } = await simulator.listen(
      { port },
    );
    return {
      restUrl,
      authUrl,
      orderUpdateUrl,
      instrumentsUrl,
      controlUrl,
      accounts: accounts.map(({ clientId, accessToken }) => ({ clientId, accessToken })),
      stop: () => simulator.close(),
    };
  } catch (error) {
    await simulator.close();
    throw listenFault(error, `127.0.0.1:${port}`);
  }
}
