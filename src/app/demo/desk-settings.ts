/** The demo's accounts at the simulated broker, and the configuration that an operator would write. */
import { stringify } from "yaml";
import type { Listening, Simulator } from "../../simulator/index.ts";
import { FOLLOWERS, LEADER } from "./cast.ts";

/** Makes the accounts at the broker; their tokens as the variables that the configuration names. */
export function createAccounts(simulator: Simulator): Record<string, string> {
  const variables = [LEADER, ...FOLLOWERS].map(({ name, clientId, funds }) => {
    const account = simulator.createAccount({ clientId, name, availableBalance: funds });
    return [tokenVariable(name), account.accessToken];
  });
  return Object.fromEntries(variables);
}

function tokenVariable(name: string): string {
  return `${name.toUpperCase()}_ACCESS_TOKEN`;
}

/** The configuration as YAML; tokens are named, not written. */
export function configText({
  restUrl,
  authUrl,
  orderUpdateUrl,
  instrumentsUrl,
}: Listening): string {
  return stringify({
    broker: {
      preset: "simulator",
      restUrl,
      authUrl,
      orderUpdateUrl,
      instruments: instrumentsUrl,
    },
    accounts: [LEADER, ...FOLLOWERS].map(({ name, clientId }) => {
      return { id: name, clientId, accessToken: `\${${tokenVariable(name)}}` };
    }),
    links: FOLLOWERS.map(({ name, rule: sizing }) => {
      return { id: `${LEADER.name}-${name}`, leader: LEADER.name, follower: name, sizing };
    }),
  });
}
