/** A contract as the file names it: "NSE_EQ:1333", segment and security id. */
import { z } from "zod";
import { type InstrumentKey, toInstrumentKey } from "../../core/model/ids.ts";
import { EXCHANGE_SEGMENTS } from "../../dhan/wire/enums.ts";
import { expected } from "./fields.ts";
import { nearest } from "./nearest.ts";

const CONTRACT = /^([A-Z_]{1,20}):([0-9]{1,20})$/;

export const CONTRACT_EXAMPLE = 'a contract as segment and security id, such as "NSE_EQ:1333"';

/** Nobody trades an index itself. */
export const SEGMENTS = EXCHANGE_SEGMENTS.filter((segment) => segment !== "IDX_I");

/** What is wrong with it: `misshapen`, or that no order goes to its segment; undefined when nothing is. */
export function contractProblem(value: unknown, misshapen: string): string | undefined {
  const segment = typeof value === "string" ? CONTRACT.exec(value)?.[1] : undefined;
  if (segment === undefined) return misshapen;
  if (isSegment(segment)) return undefined;
  const guess = nearest(segment, SEGMENTS);
  const hint = guess === undefined ? `known are ${SEGMENTS.join(", ")}` : `did you mean ${guess}?`;
  return `orders go to no segment ${segment}; ${hint}`;
}

export function contractOf(value: unknown): InstrumentKey | undefined {
  const [, segment = "", securityId = ""] =
    (typeof value === "string" ? CONTRACT.exec(value) : null) ?? [];
  return isSegment(segment) ? toInstrumentKey(segment, securityId) : undefined;
}

function isSegment(value: string): boolean {
  return SEGMENTS.some((segment) => segment === value);
}

export const contract = z.unknown().transform((value, context): InstrumentKey => {
  const message = contractProblem(value, expected(CONTRACT_EXAMPLE));
  if (message !== undefined) context.addIssue({ code: "custom", message });
  return contractOf(value) ?? (z.NEVER as never);
});
