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
import { Shadows, type ShadowsOptions } from "./shadow/shadows.ts";

export interface AccountsOptions
  extends Omit<ShadowsOptions, "accounts" | "calendar" | "requestTimeoutMs"> {
  readonly settings: Pick<Settings, "accounts" | "broker">;
  readonly credentials: Credentials;
}

export class OpenAccounts implements AsyncDisposable {
  readonly accounts: readonly DeskAccount[];
  readonly #shadows: Shadows | undefined;

  private constructor(accounts: readonly DeskAccount[], shadows: Shadows | undefined) {
    this.accounts = accounts;
    this.#shadows = shadows;
  }

  /** Nothing connects before it is used. Throws an AppError when paper books cannot be used. */
  static async open(options: AccountsOptions): Promise<OpenAccounts> {
    const { accounts, broker } = options.settings;
    const shadows = await Shadows.open({ ...options, ...broker, accounts });
    const open = accounts.map((account) => openAccount(account, options, shadows));
    return new OpenAccounts(open, shadows);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.accounts.map(({ broker }) => broker.close()));
    await this.#shadows?.[Symbol.asyncDispose]();
  }
}

function openAccount(
  account: AccountSettings,
  { settings: { broker }, credentials, clock }: AccountsOptions,
  shadows: Shadows | undefined,
): DeskAccount {
  if (account.shadow === undefined) {
    const open = atBroker(account, broker, credentials.of(account.id), clock);
    return shadows?.heard(open) ?? open;
  }
  const access = credentials.find(account.id);
  const real = access && behind(account, broker, access, clock);
  return must(shadows, "the paper exchange of a shadow").account(account, real);
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
