import type { DropCopy } from "../../ports/broker.ts";

/** Of a broker without an order stream (its sandbox): its books are all there is, read on schedule. */
export const NO_ORDER_STREAM: DropCopy = {
  start: (listener) => listener({ kind: "up" }),
  stop: async () => {},
};
