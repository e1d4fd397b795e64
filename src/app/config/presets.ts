import type { BrokerSettings } from "./settings.ts";

export const BROKER_PRESETS = {
  live: {
    restUrl: "https://api.dhan.co/v2",
    authUrl: "https://auth.dhan.co",
    orderUpdateUrl: "wss://api-order-update.dhan.co",
    instruments: "https://images.dhan.co/api-data/api-scrip-master-detailed.csv",
    requestTimeoutMs: 10_000,
    calendar: "market",
  },
  /** The broker's own: checks requests and acknowledges orders; has no order-update socket. */
  sandbox: {
    restUrl: "https://sandbox.dhan.co/v2",
    authUrl: "https://auth.dhan.co",
    instruments: "https://images.dhan.co/api-data/api-scrip-master-detailed.csv",
    requestTimeoutMs: 10_000,
    calendar: "market",
  },
  /** Ours, where `tandem sim` listens unless told otherwise; its session is open day and night. */
  simulator: {
    restUrl: "http://127.0.0.1:4610/v2",
    authUrl: "http://127.0.0.1:4610/auth",
    orderUpdateUrl: "ws://127.0.0.1:4610/order-updates",
    instruments: "http://127.0.0.1:4610/instruments/api-scrip-master-detailed.csv",
    requestTimeoutMs: 10_000,
    calendar: "always-open",
  },
} as const satisfies Readonly<Record<string, BrokerSettings>>;

export type PresetName = keyof typeof BROKER_PRESETS;

/** What Tandem is talking to, for every screen: real money is at stake on "live" and maybe on "custom". */
export type Venue = PresetName | "custom";

export function venueOf(broker: BrokerSettings): Venue {
  const names = Object.keys(BROKER_PRESETS) as PresetName[];
  return names.find((name) => BROKER_PRESETS[name].restUrl === broker.restUrl) ?? "custom";
}
