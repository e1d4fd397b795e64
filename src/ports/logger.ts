/**
 * Structured log. `event` is a fixed dotted name ("childOrder.acked"); what varies goes in fields.
 * error: a person must act. warn: healed by itself but worth knowing.
 */
export interface Logger {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
  child(fields: Record<string, unknown>): Logger;
}
