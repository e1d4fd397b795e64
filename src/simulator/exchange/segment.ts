/** Segments that orders can name, as frames and files spell them. */
import { type ExchangeSegment, SEGMENT_OF_LETTERS } from "../../dhan/wire/enums.ts";

export type OrderSegment = Exclude<ExchangeSegment, "IDX_I">;

export function isEquitySegment(segment: string): boolean {
  return segment.endsWith("_EQ");
}

/** "NSE_FNO" to "NSE" and "D". */
export function lettersOf(segment: OrderSegment): { exchange: string; letter: string } {
  const letters = Object.entries(SEGMENT_OF_LETTERS).find(([, named]) => named === segment);
  const [exchange = "", letter = ""] = letters?.[0].split(":") ?? [];
  return { exchange, letter };
}
