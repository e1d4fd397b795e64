import assert from "node:assert/strict";
import { test } from "node:test";
import { ORDER_STATUSES } from "../wire/enums.ts";
import { orderStatus, replyStatus } from "./status.ts";

// Status as written, filled of ten units, what it means.
const ROWS: readonly (readonly [string, number, string])[] = [
  ["TRANSIT", 0, "transit"],
  ["Transit", 0, "transit"],
  ["PENDING", 0, "working"],
  ["Pending", 4, "working"],
  ["Pending", 10, "working"],
  ["PART_TRADED", 4, "working"],
  ["PART-TRADED", 4, "working"],
  ["Part Traded", 4, "working"],
  ["MODIFIED", 0, "working"],
  ["TRADED", 10, "filled"],
  ["Traded", 10, "filled"],
  ["TRADED", 0, "filled"],
  ["Traded", 4, "working"],
  ["CANCELLED", 4, "cancelled"],
  ["Cancelled", 0, "cancelled"],
  ["REJECTED", 0, "rejected"],
  ["Rejected", 0, "rejected"],
  ["EXPIRED", 0, "expired"],
  ["Expired", 4, "expired"],
  ["Active", 0, "working"],
  ["Dummy", 0, "transit"],
  ["Triggered", 0, "working"],
  ["CLOSED", 10, "filled"],
];

for (const [status, filledQuantity, expected] of ROWS) {
  test(`${status} with ${filledQuantity} of 10 filled is ${expected}`, () => {
    const evidence = { status, brokerOrderId: "1", quantity: 10, filledQuantity };
    assert.equal(orderStatus(evidence), expected);
  });
}

test("every status of the documented list is known", () => {
  for (const status of ORDER_STATUSES) {
    const evidence = { status, brokerOrderId: "1", quantity: 1, filledQuantity: 0 };
    assert.doesNotThrow(() => orderStatus(evidence), status);
  }
});

test("a status of no list fails loudly, with the status and the order", () => {
  for (const status of ["LINGERING", "INACTIVE", "CANCELED", " "]) {
    const evidence = { status, brokerOrderId: "342", quantity: 1, filledQuantity: 0 };
    assert.throws(() => orderStatus(evidence), {
      name: "UnknownOrderStatus",
      code: "DHAN_UNKNOWN_ORDER_STATUS",
      status,
      message: `unknown order status "${status}" on order 342`,
    });
  }
});

test("in a reply an unknown status only means that the order is on its way", () => {
  assert.equal(replyStatus("INACTIVE"), "transit");
  assert.equal(replyStatus("PENDING"), "working");
});
