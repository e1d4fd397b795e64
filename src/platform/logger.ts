import {
  type DestinationStream,
  destination,
  type Logger as Pino,
  pino,
  stdTimeFunctions,
} from "pino";
import type { Logger } from "../ports/logger.ts";
import { openLogFile } from "./log-file.ts";
import { maskClientId, REDACTED, type Redactor } from "./redact.ts";

export interface LoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  /** A file's path, a stream, or absent for standard output. */
  readonly destination?: string | DestinationStream;
  /** Told once when the file cannot be written any more; logging goes on as soon as it can. */
  readonly onFault?: (error: Error) => void;
  /** Hides the secrets registered with it in every text that is logged. */
  readonly redactor?: Redactor;
}

/**
 * JSON lines through pino: level, time, event, then the fields. Lines are written behind the caller's
 * back (a fan-out logs a thousand of them) and flushed at exit; a SIGKILL may lose the last few. The
 * journal is the record, the log only explains.
 */
export function createLogger(options: LoggerOptions): Logger {
  const sink =
    typeof options.destination === "string"
      ? openLogFile(options.destination, options.onFault)
      : (options.destination ?? destination({ dest: 1, sync: false }));
  const root = pino(
    {
      level: options.level,
      base: null,
      messageKey: "event",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  return wrap(root, options.redactor?.redact ?? ((text) => text));
}

/** Says nothing; for tests. */
export function silentLogger(): Logger {
  const nothing = () => {};
  return { debug: nothing, info: nothing, warn: nothing, error: nothing, child: silentLogger };
}

function wrap(target: Pino, redact: (text: string) => string): Logger {
  const at = (level: "debug" | "info" | "warn" | "error") => {
    return (event: string, fields: Record<string, unknown> = {}) => {
      if (target.isLevelEnabled(level)) target[level](cleanMembers(fields, redact, 0), event);
    };
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => wrap(target.child(cleanMembers(fields, redact, 0)), redact),
  };
}

/** Hidden by name, whatever they hold; compared without case, hyphens and underscores. */
const SECRET_FIELDS = new Set([
  "accesstoken",
  "apikey",
  "apisecret",
  "appsecret",
  "authorization",
  "cookie",
  "password",
  "pin",
  "secret",
  "token",
  "totp",
  "totpsecret",
]);
const CLIENT_ID_FIELDS = new Set(["clientid", "dhanclientid", "loginid"]);

/** Deeper values are cut: logs are for reading, and a cycle must not hang the process. */
const DEPTH_MAX = 8;

function cleanMembers(
  fields: object,
  redact: (text: string) => string,
  depth: number,
): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const name = key.toLowerCase().replaceAll(/[-_]/g, "");
    if (value === undefined) continue;
    if (SECRET_FIELDS.has(name)) clean[key] = REDACTED;
    else if (CLIENT_ID_FIELDS.has(name)) clean[key] = maskClientId(String(value));
    else clean[key] = cleanValue(value, redact, depth + 1);
  }
  return clean;
}

function cleanValue(value: unknown, redact: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value === "bigint") return redact(value.toString());
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH_MAX) return "[too deep]";
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, redact, depth + 1));
  if (value instanceof Error) return cleanError(value, redact, depth);
  return cleanMembers(value, redact, depth);
}

/** Errors keep what explains them: name, code, message, stack, cause and their own fields. */
function cleanError(error: Error, redact: (text: string) => string, depth: number) {
  const { name, message, stack, cause } = error;
  return cleanMembers({ ...error, name, message, stack, cause }, redact, depth);
}
