import assert from "node:assert/strict";
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import {
  alertModifyRequest,
  alertPlaceRequest,
  alertReply,
  alertRow,
  multiOrdersReply,
  multiOrdersRequest,
} from "./conditional.ts";
import { parseErrorBody } from "./error.ts";
import { foreverModifyRequest, foreverPlaceRequest, foreverRow } from "./forever-order.ts";
import { fundLimit } from "./funds.ts";
import { readInstrumentRows } from "./instrument-file.ts";
import { loginRequest } from "./login.ts";
import { marginReply, marginRequest } from "./margin.ts";
import { modifyRequest, orderReply, orderRow, placeRequest, slicingReply } from "./order.ts";
import { readOrderSocketFrame } from "./order-alert.ts";
import { convertRequest, holdingRow, positionRow } from "./portfolio.ts";
import { profile } from "./profile.ts";
import { oneOrMany } from "./scalars.ts";
import { superModifyRequest, superOrderRow, superPlaceRequest } from "./super-order.ts";
import { tradeRow } from "./trade.ts";
import {
  exitAllReply,
  killSwitchReply,
  pnlExit,
  pnlExitReply,
  pnlExitRequest,
} from "./trader-control.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
}

function parsesWith(schema: z.ZodType): (name: string) => void {
  return (name) => {
    const result = schema.safeParse(read(name));
    assert.ok(result.success, () => z.prettifyError(result.error ?? new z.ZodError([])));
  };
}

function isErrorEnvelope(name: string): void {
  const fixture = z.object({ status: z.number(), body: z.unknown() }).parse(read(name));
  const error = parseErrorBody(fixture.body);
  const isHtml = typeof fixture.body === "string";
  assert.equal(error === undefined, isHtml, "every error but a gateway's page has a known shape");
  if (error !== undefined) assert.notEqual(error.message, "");
}

function isFrameOf(kind: "alert" | "other" | "unreadable"): (name: string) => void {
  return (name) => assert.equal(readOrderSocketFrame(read(name)).kind, kind);
}

/** First match decides; the odd ones stand before their families. */
const JUDGES: readonly (readonly [RegExp, (name: string) => void])[] = [
  [/^order-reply-without-order-id/, (name) => assert.ok(!orderReply.safeParse(read(name)).success)],
  [/^order-alert-without-order-number/, isFrameOf("unreadable")],
  [/^socket-frame-unknown-type/, isFrameOf("other")],
  [/^super-place-request/, parsesWith(superPlaceRequest)],
  [/^super-modify-request/, parsesWith(superModifyRequest)],
  [/^get-super-orders-/, parsesWith(z.array(superOrderRow))],
  [/^forever-place-request/, parsesWith(foreverPlaceRequest)],
  [/^forever-modify-request/, parsesWith(foreverModifyRequest)],
  [/^get-forever-/, parsesWith(z.array(foreverRow))],
  [/^alert-place-request/, parsesWith(alertPlaceRequest)],
  [/^alert-modify-request/, parsesWith(alertModifyRequest)],
  [/^alert-reply/, parsesWith(alertReply)],
  [/^get-alert/, parsesWith(oneOrMany(alertRow))],
  [/^multi-orders-request/, parsesWith(multiOrdersRequest)],
  [/^multi-orders-reply/, parsesWith(multiOrdersReply)],
  [/^slicing-reply/, parsesWith(slicingReply)],
  [/^convert-request/, parsesWith(convertRequest)],
  [/^exit-all-reply/, parsesWith(exitAllReply)],
  [/^(kill-switch-reply|get-kill-switch)/, parsesWith(killSwitchReply)],
  [/^pnl-exit-request/, parsesWith(pnlExitRequest)],
  [/^pnl-exit-reply/, parsesWith(pnlExitReply)],
  [/^get-pnl-exit/, parsesWith(pnlExit)],
  [/^place-request-/, parsesWith(placeRequest)],
  [/^modify-request-/, parsesWith(modifyRequest)],
  [/^order-reply-/, parsesWith(orderReply)],
  [/^get-orders-/, parsesWith(z.array(orderRow))],
  [/^(get-order-by-|postback-)/, parsesWith(oneOrMany(orderRow))],
  [/^get-trades/, parsesWith(oneOrMany(tradeRow))],
  [/^get-positions-/, parsesWith(z.array(positionRow))],
  [/^get-holdings/, parsesWith(z.array(holdingRow))],
  [/^get-funds/, parsesWith(fundLimit)],
  [/^get-profile-/, parsesWith(profile)],
  [/^margin-request/, parsesWith(marginRequest)],
  [/^margin-reply/, parsesWith(marginReply)],
  [/^login-request/, parsesWith(loginRequest)],
  [/^order-alert-/, isFrameOf("alert")],
  [/^error-/, isErrorEnvelope],
];

for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".json"))) {
  test(`the payload ${name} is read by its schema`, () => {
    const judge = JUDGES.find(([pattern]) => pattern.test(name))?.[1];
    assert.ok(judge, `no schema covers ${name}`);
    judge(name);
  });
}

test("every family of payloads has at least one payload", () => {
  const names = readdirSync(FOLDER);
  for (const [pattern] of JUDGES)
    assert.ok(
      names.some((name) => pattern.test(name)),
      `${pattern}`,
    );
});

test("reads the detailed instrument file with its ticks still in paise", async () => {
  const rows = await Array.fromAsync(
    readInstrumentRows(createReadStream(new URL("instruments-detailed.csv", FOLDER))),
  );
  const option = rows.find((row) => row.securityId === "49081");
  assert.equal(rows.length, 8);
  assert.equal(option?.lotSize, 65);
  assert.equal(option?.tickPaise, 5);
  assert.equal(option?.symbol, "NIFTY-Aug2026-24000-CE");
  assert.equal(rows.find((row) => row.securityId === "53001")?.symbol, "NIFTY AUG FUT");
});

test("reads the compact instrument file and leaves out rows that no order can name", async () => {
  const rows = await Array.fromAsync(
    readInstrumentRows(createReadStream(new URL("instruments-compact.csv", FOLDER))),
  );
  assert.deepEqual(
    rows.map((row) => `${row.exchange}:${row.segment}:${row.securityId}:${row.symbol}`),
    ["NSE:E:1333:HDFCBANK", "NSE:D:49081:NIFTY-Aug2026-24000-CE", "BSE:E:500180:HDFCBANK"],
  );
});

test("refuses a file that is not an instrument file", async () => {
  await assert.rejects(Array.fromAsync(readInstrumentRows(["a,b,c\n1,2,3\n"])), {
    name: "InstrumentFileFault",
  });
  await assert.rejects(Array.fromAsync(readInstrumentRows([])), { name: "InstrumentFileFault" });
});
