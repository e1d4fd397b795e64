/** The kill switch, the exit on profit or loss, and the exit of everything. */
import { z } from "zod";
import { decimal, decimalOrZero, flag, id, text, word } from "./scalars.ts";

export const KILL_SWITCH_WORDS = ["ACTIVATE", "DEACTIVATE"] as const;
export type KillSwitchWord = (typeof KILL_SWITCH_WORDS)[number];

/** One of the words when read; a sentence when switched. */
export const killSwitchReply = z.object({ dhanClientId: text, killSwitchStatus: word });
export type KillSwitchReply = z.infer<typeof killSwitchReply>;

/** `POST /pnlExit`. A threshold that is passed already fires at once (official docs). */
export const pnlExitRequest = z.object({
  dhanClientId: id,
  /** Rupees. */
  profitValue: decimal,
  lossValue: decimal,
  productType: z.array(z.enum(["INTRADAY", "DELIVERY"])).min(1),
  enableKillSwitch: z.boolean(),
});
export type PnlExitRequest = z.infer<typeof pnlExitRequest>;

/** "ACTIVE" or "DISABLED". The server's schema calls the status `status`. */
export const pnlExitReply = z.preprocess(
  renamed("status", "pnlExitStatus"),
  z.object({ pnlExitStatus: word, message: text }),
);
export type PnlExitReply = z.infer<typeof pnlExitReply>;

/** `GET /pnlExit`. The documents spell the last field in snake case, the server's schema does not. */
export const pnlExit = z.preprocess(
  renamed("enable_kill_switch", "enableKillSwitch"),
  z.object({
    pnlExitStatus: word,
    profit: decimalOrZero,
    loss: decimalOrZero,
    productType: z.array(z.string()).nullish(),
    enableKillSwitch: flag,
  }),
);
export type PnlExit = z.infer<typeof pnlExit>;

/** `DELETE /positions`: SUCCESS or ERROR. */
export const exitAllReply = z.object({ status: word, message: text });
export type ExitAllReply = z.infer<typeof exitAllReply>;

/** An object in which `from` stands for a `to` that is not there. */
function renamed(from: string, to: string): (value: unknown) => unknown {
  return (value) => {
    if (typeof value !== "object" || value === null || to in value) return value;
    const { [from]: found, ...rest } = value as Record<string, unknown>;
    return found === undefined ? value : { ...rest, [to]: found };
  };
}
