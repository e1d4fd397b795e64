/**
 * The account of a shadow follower: its commands and its books are on paper. What is asked of the real
 * account, if it has one, are its funds, through a gate that lets no write call leave.
 *
 * Keeps: nothing here holds the real account's transport without the gate around it.
 */
import type { AccountId } from "../../core/model/ids.ts";
import type { MoneyE4 } from "../../core/model/money.ts";
import { type TradingDay, tradingDayOf } from "../../core/model/time.ts";
import { createDhanAccount, createDhanBroker, type DhanBroker } from "../../dhan/client.ts";
import { readOnlyTransport } from "../../dhan/rest/read-only-transport.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { HttpTransport } from "../../ports/transport.ts";
import type { DeskAccount } from "../../runtime/desk.ts";
import type { PaperExchange } from "./paper-exchange.ts";

/** The account at the broker whose funds a shadow trades with. */
export interface RealAccount {
  readonly clientId: string;
  readonly accessToken: string;
  /** As it is: the gate is put around it here. */
  readonly transport: HttpTransport;
}

export interface ShadowOptions {
  readonly id: AccountId;
  readonly exchange: Pick<PaperExchange, "hasAccount" | "fund" | "access">;
  /** What it begins with where there is no real account. */
  readonly capital: MoneyE4;
  readonly real?: RealAccount;
  readonly clock: Clock;
  readonly random: Random;
  readonly requestTimeoutMs: number;
}

export interface ShadowAccount extends DeskAccount {
  /** For the account at the broker behind it, if it has one. */
  useToken(accessToken: string): void;
}

export function openShadow(options: ShadowOptions): ShadowAccount {
  const { id, exchange, capital, real, clock, random, requestTimeoutMs } = options;
  if (!exchange.hasAccount(id)) exchange.fund(id, capital);
  const { broker, dropCopy } = createDhanAccount({
    ...exchange.access(id),
    restUrl: "https://paper",
    clock,
    random,
    requestTimeoutMs,
  });
  if (real === undefined) return { id, broker, dropCopy, useToken: () => {} };
  const behind = readOnlyBroker(real, { clock, requestTimeoutMs });
  const funded = new RealFunds(behind, {
    clock,
    tell: (available) => exchange.fund(id, available),
  });
  return {
    id,
    dropCopy,
    useToken: (token) => behind.useToken(token),
    broker: {
      ...broker,
      async orders() {
        await funded.ofToday();
        return broker.orders();
      },
      funds: () => funded.read(),
      async close() {
        await Promise.all([broker.close(), funded.close()]);
      },
    },
  };
}

/** The real account, for reading: whoever sends a command through it is told that nothing left. */
export function readOnlyBroker(
  { clientId, accessToken, transport }: RealAccount,
  timing: Pick<ShadowOptions, "clock" | "requestTimeoutMs">,
): DhanBroker {
  return createDhanBroker({
    ...timing,
    clientId,
    accessToken,
    transport: readOnlyTransport(transport),
  });
}

interface FundsOptions {
  readonly clock: Clock;
  /** Told once a day what is available. */
  readonly tell: (available: MoneyE4) => void;
}

/** What the real account has: read when it is asked for, and once each day in any case. */
class RealFunds {
  readonly #broker: Pick<DhanBroker, "funds" | "close">;
  readonly #options: FundsOptions;
  #day: TradingDay | undefined;

  constructor(broker: Pick<DhanBroker, "funds" | "close">, options: FundsOptions) {
    this.#broker = broker;
    this.#options = options;
  }

  read(): ReturnType<DhanBroker["funds"]> {
    return this.#broker.funds();
  }

  /** Rejects with a BrokerFault while they cannot be read: nothing takes their place. */
  async ofToday(): Promise<void> {
    const { clock, tell } = this.#options;
    const today = tradingDayOf(clock.nowMs());
    if (this.#day === today) return;
    const { available } = await this.#broker.funds();
    this.#day = today;
    tell(available);
  }

  close(): Promise<void> {
    return this.#broker.close();
  }
}
