/** The accounts of the settings as the desk takes them: at the broker, or on paper. */
import { createDhanAccount } from "../dhan/client.ts";
import { createUndiciTransport } from "../dhan/rest/undici-transport.ts";
import { must } from "../platform/assert.ts";
import { systemRandom } from "../platform/random.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeskAccount } from "../runtime/desk.ts";
import type { AccountCredentials, Credentials } from "./config/credentials.ts";
import type { AccountSettings, BrokerSettings, Settings } from "./config/settings.ts";
import type { RealAccount } from "./shadow/shadow-account.ts";
import type { Shadows } from "./shadow/shadows.ts";

export interface OpenAccounts {
  readonly settings: Pick<Settings, "accounts" | "broker">;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Given where an account is one. */
  readonly shadows: Shadows | undefined;
}

/** Nothing connects before it is used. */
export function openAccounts(options: OpenAccounts): readonly DeskAccount[] {
  const { settings, credentials, clock, shadows } = options;
  const { accounts, broker } = settings;
  return accounts.map((account) => {
    if (account.shadow === undefined) {
      const open = atBroker(account, broker, credentials.of(account.id), clock);
      return shadows?.heard(open) ?? open;
    }
    const access = credentials.find(account.id);
    const real = access && behind(account, broker, access, clock);
    return must(shadows, "the paper exchange of a shadow").account(account, real);
  });
}

export async function closeAccounts(accounts: readonly DeskAccount[]): Promise<void> {
  await Promise.all(accounts.map(({ broker }) => broker.close()));
}

function atBroker(
  account: AccountSettings,
  broker: BrokerSettings,
  access: AccountCredentials,
  clock: Clock,
): DeskAccount {
  const { orderUpdateUrl, requestTimeoutMs } = broker;
  const { clientId, accessToken } = access;
  return {
    id: account.id,
    ...createDhanAccount({
      ...roadOf(account, broker, access),
      ...(orderUpdateUrl === undefined ? {} : { orderUpdateUrl }),
      clientId,
      accessToken,
      clock,
      random: systemRandom(),
      requestTimeoutMs,
    }),
  };
}

/** The account at the broker behind a shadow. */
function behind(
  account: AccountSettings,
  broker: BrokerSettings,
  access: AccountCredentials,
  clock: Clock,
): RealAccount {
  const { clientId, accessToken } = access;
  const transport = createUndiciTransport({ ...roadOf(account, broker, access), clock });
  return { clientId, accessToken, transport };
}

/** Where the broker is, and through which address it is reached. */
function roadOf(
  { egress }: AccountSettings,
  { restUrl }: BrokerSettings,
  { proxyUrl }: AccountCredentials,
) {
  return {
    restUrl,
    ...(egress?.kind === "local-address" ? { localAddress: egress.address } : {}),
    ...(proxyUrl === undefined ? {} : { proxy: proxyUrl }),
  };
}
