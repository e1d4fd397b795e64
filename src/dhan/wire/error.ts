/**
 * The shapes of "no". Trading endpoints use the first; the others are the data endpoints, legacy
 * back ends, the address endpoints and the gateway's unknown route (all captured in production).
 */
import { z } from "zod";
import { id, text } from "./scalars.ts";

export const tradingError = z.object({
  errorType: text,
  errorCode: id,
  errorMessage: text,
});
export type TradingError = z.infer<typeof tradingError>;

export const dataError = z.object({
  status: z.literal("failed"),
  data: z.record(z.string(), z.unknown()),
});
export type DataError = z.infer<typeof dataError>;

export const legacyError = z.object({
  errorCode: text,
  httpStatus: text,
  internalErrorCode: id,
  internalErrorMessage: text,
});
export type LegacyError = z.infer<typeof legacyError>;

export const addressError = z
  .array(z.object({ message: z.string(), status: z.literal("ERROR") }))
  .min(1);
export type AddressError = z.infer<typeof addressError>;

export const gatewayError = z.object({
  timestamp: z.union([z.number(), z.string()]),
  status: z.number(),
  error: z.string(),
  path: z.string(),
});
export type GatewayError = z.infer<typeof gatewayError>;

/** Any of the shapes above, reduced to what a person or a rule needs. */
export interface ErrorBody {
  /** "DH-905", "805", "RS-9005"; "" when the shape has none. */
  readonly code: string;
  /** "Input_Exception"; "" when the shape has none. */
  readonly type: string;
  readonly message: string;
}

/** The error in a decoded body; undefined when it has none of the known shapes. */
export function parseErrorBody(body: unknown): ErrorBody | undefined {
  const legacy = legacyError.safeParse(body);
  if (legacy.success) {
    const { internalErrorCode, internalErrorMessage, errorCode } = legacy.data;
    return { code: internalErrorCode, type: errorCode, message: internalErrorMessage };
  }
  const trading = tradingError.safeParse(body);
  if (trading.success) {
    const { errorCode, errorType, errorMessage } = trading.data;
    return { code: errorCode, type: errorType, message: errorMessage };
  }
  return parseRareErrorBody(body);
}

function parseRareErrorBody(body: unknown): ErrorBody | undefined {
  const data = dataError.safeParse(body);
  if (data.success) {
    const [code = "", message = ""] = Object.entries(data.data.data)[0] ?? [];
    return { code, type: "", message: String(message) };
  }
  const address = addressError.safeParse(body);
  if (address.success) return { code: "", type: "", message: address.data[0]?.message ?? "" };
  const gateway = gatewayError.safeParse(body);
  if (gateway.success) return { code: "", type: "gateway", message: gateway.data.error };
  return undefined;
}
