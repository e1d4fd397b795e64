// The example of index.ts, word for word, so that the compiler and a test read it.
import {
  asCorrelationId,
  createDhanAccount,
  type DhanEndpoints,
  systemClock,
  systemRandom,
  toInstrumentKey,
  toPriceE4,
} from "tandem/dhan";

export async function buyTenWhileWatching(endpoints: DhanEndpoints): Promise<string> {
  const { broker, dropCopy } = createDhanAccount({
    ...endpoints,
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock: systemClock(),
    random: systemRandom(),
  });
  const isUp = new Promise<void>((resolve) => {
    dropCopy.start((event) => event.kind === "up" && resolve());
  });
  await isUp;
  const correlationId = asCorrelationId("T0123456789ABCDEFGHJKMNPQ");
  if (correlationId === undefined) throw new Error("not one of our correlation ids");
  const outcome = await broker.place({
    kind: "place",
    correlationId,
    instrument: toInstrumentKey("NSE_EQ", "1333"),
    side: "BUY",
    product: "INTRADAY",
    terms: {
      type: "LIMIT",
      validity: "DAY",
      quantity: 10,
      disclosedQuantity: 0,
      price: toPriceE4(16_505_000), // 1650.50 rupees
    },
  });
  await dropCopy.stop();
  await broker.close();
  return outcome.kind === "accepted" ? outcome.brokerOrderId : outcome.text;
}
