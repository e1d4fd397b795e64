/**
 * What the operator set, as the rest of Tandem uses it and as it is journaled and exported.
 *
 * Keeps: no secret and no whole client id is ever in here, only where it came from and a masked
 * form for people; the values travel beside it, in Credentials. It is plain JSON data.
 */
import type { AccountId, InstrumentKey } from "../../core/model/ids.ts";
import type { Link } from "../../core/model/link.ts";
import type { MoneyE4 } from "../../core/model/money.ts";

/**
 * Where a value that must not be journaled came from. "inline": it stood in the file itself.
 * "env:ASHA_TOKEN": a variable of the environment or of the `.env` file.
 */
export type SecretSource = "inline" | `env:${string}`;

export interface SecretReference {
  readonly from: SecretSource;
}

export interface ClientIdReference extends SecretReference {
  /** "11****07": enough to recognise it, not to use it. */
  readonly masked: string;
  /**
   * Three hexadecimal digits of its hash. Two clients may share a mask, and an account whose client
   * was exchanged must not pass for the same; too few digits to find the id by.
   */
  readonly check: string;
}

/** When entries are copied: by the exchanges' calendar, or at any time (simulators). */
export type CalendarRule = "market" | "always-open";

export interface BrokerSettings {
  /** No slash at the end. */
  readonly restUrl: string;
  readonly authUrl: string;
  /** Absent where the broker has no order-update socket (the sandbox). */
  readonly orderUpdateUrl?: string;
  /** A URL, or an absolute path of a file. */
  readonly instruments: string;
  /** An absolute path of a table of freeze quantities; absent for the one that comes with Tandem. */
  readonly freezeTable?: string;
  readonly requestTimeoutMs: number;
  readonly calendar: CalendarRule;
  /** An absolute path of what the operator knows better of the market calendar; absent: nothing. */
  readonly calendarFile?: string;
}

/** Whose money it is, as the rules on trading for others ask. */
export type Relation = "self" | "spouse" | "dependent-child" | "dependent-parent";

/**
 * The one address that an account's calls leave from. A proxy's URL may carry a password, so it is
 * treated as a secret; "shown" marks one that carries none and stands here whole.
 */
export type EgressSettings =
  | { readonly kind: "local-address"; readonly address: string }
  | {
      readonly kind: "proxy";
      readonly from: SecretSource | "shown";
      /** "http://***@proxy.example:8080" */
      readonly masked: string;
    };

/** The account copies on paper: nothing of it is ever sent to the broker. */
export interface ShadowSettings {
  /** What it begins with where no account at the broker stands behind it. */
  readonly capital: MoneyE4;
}

export interface AccountSettings {
  readonly id: AccountId;
  /** Absent, like the token, on a shadow alone: the two come together. */
  readonly clientId?: ClientIdReference;
  readonly accessToken?: SecretReference;
  readonly relation: Relation;
  /** Absent: whatever address the system chooses. */
  readonly egress?: EgressSettings;
  /** Absent: the account trades. */
  readonly shadow?: ShadowSettings;
}

/** The leader's contract to the one that is traded for it, as "NSE_EQ:1333". */
export type Substitutions = Readonly<Record<InstrumentKey, InstrumentKey>>;

/** A link with every default written out. The core's form of it is in links-of.ts. */
export interface LinkSettings extends Required<Omit<Link, "substitutions">> {
  readonly substitutions: Substitutions;
}

export interface Settings {
  readonly broker: BrokerSettings;
  readonly accounts: readonly AccountSettings[];
  readonly links: readonly LinkSettings[];
}
