/**
 * The values that settings only point at. They live in memory alone: what holds them prints, logs
 * and serialises as a mark, so that a careless line somewhere cannot leak them.
 */
import { inspect } from "node:util";
import type { AccountId } from "../../core/model/ids.ts";
import { must } from "../../platform/assert.ts";

export interface AccountCredentials {
  readonly clientId: string;
  readonly accessToken: string;
  /** Whole, with its password if it has one; present when the account's egress is a proxy. */
  readonly proxyUrl?: string;
}

const MARK = "[credentials]";

export class Credentials {
  readonly #byAccount: ReadonlyMap<AccountId, AccountCredentials>;

  constructor(byAccount: ReadonlyMap<AccountId, AccountCredentials>) {
    this.#byAccount = byAccount;
  }

  /** Of an account that trades, of the settings they were loaded with; any other is a bug. */
  of(account: AccountId): AccountCredentials {
    return must(this.#byAccount.get(account), `credentials of ${account}`);
  }

  /** Undefined for a shadow behind which no account at the broker stands. */
  find(account: AccountId): AccountCredentials | undefined {
    return this.#byAccount.get(account);
  }

  /** Every value that must not be written anywhere, for the redactor of logs and errors. */
  secretValues(): readonly string[] {
    return [...this.#byAccount.values()].flatMap(({ accessToken, proxyUrl }) =>
      proxyUrl === undefined ? [accessToken] : [accessToken, ...passwordOf(proxyUrl)],
    );
  }

  clientIds(): readonly string[] {
    return [...this.#byAccount.values()].map(({ clientId }) => clientId);
  }

  toString(): string {
    return MARK;
  }

  toJSON(): string {
    return MARK;
  }

  [inspect.custom](): string {
    return MARK;
  }
}

function passwordOf(proxyUrl: string): string[] {
  const { password } = new URL(proxyUrl);
  return password === "" ? [] : [password, decodeURIComponent(password)];
}
