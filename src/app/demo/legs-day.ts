/** The leader's day of orders that do not come alone: exits, triggers, slices, the next open. */
import { HDFCBANK, INFY, ITC, NIFTY_CALL, RELIANCE, TCS } from "./instruments.ts";
import type { Scene } from "./leader-day.ts";
import type { Stage } from "./stage.ts";

const BUY = { side: "BUY", product: "INTRADAY", type: "LIMIT" } as const;
const BRACKET = { ...BUY, product: "BO" } as const;
const COVER = { ...BUY, product: "CO" } as const;

async function targetFills(stage: Stage): Promise<void> {
  const exits = { target: 1700, stop: 1600 };
  const id = stage.place({ ...BRACKET, instrument: HDFCBANK, quantity: 100, price: 1640, exits });
  await stage.settled();
  stage.priceReaches(HDFCBANK, 1640, [id]);
  await stage.settled();
  stage.exitReached(HDFCBANK, 1700, id, "target");
  await stage.settled();
}

async function stopTrailedByHand(stage: Stage): Promise<void> {
  const exits = { target: 1450, stop: 1370 };
  const id = stage.place({ ...BRACKET, instrument: RELIANCE, quantity: 60, price: 1395, exits });
  await stage.settled();
  stage.priceReaches(RELIANCE, 1395, [id]);
  await stage.settled();
  for (const level of [1380, 1388, 1392]) {
    stage.moveExit(id, "stop", level);
    await stage.settled();
  }
  stage.exitReached(RELIANCE, 1391.95, id, "stop");
  await stage.settled();
}

async function coverByHand(stage: Stage): Promise<void> {
  const exits = { stop: 1470 };
  const id = stage.place({ ...COVER, instrument: INFY, quantity: 40, price: 1495, exits });
  await stage.settled();
  stage.priceReaches(INFY, 1495, [id]);
  await stage.settled();
  stage.moveExit(id, "stop", 1480);
  await stage.settled();
  stage.priceReaches(INFY, 1510, []);
  stage.exitByHand(id);
  await stage.settled();
}

async function partFilledAndTrailing(stage: Stage): Promise<void> {
  const order = { ...BUY, instrument: TCS, quantity: 60, price: 3090, trail: 10 };
  const id = stage.place({ ...order, exits: { target: 3200, stop: 3050 } });
  await stage.settled();
  stage.tradesThinly(TCS, 3090, id, 40);
  await stage.settled();
  stage.modify(id, { quantity: 40, price: 3090 });
  await stage.settled();
  stage.priceReaches(TCS, 3090, [id]);
  await stage.settled();
  stage.trails(TCS, 3111, id, 3070);
  await stage.settled();
  stage.exitReached(TCS, 3069, id, "stop");
  await stage.settled();
}

async function cancelledBeforeTheOpen(stage: Stage): Promise<void> {
  stage.setSession("closed");
  const order = { ...BUY, instrument: HDFCBANK, quantity: 50, price: 1690 };
  const id = stage.place({ ...order, isAfterMarket: true });
  await stage.settled();
  stage.cancel(id);
  await stage.settled();
  stage.setSession("open");
  await stage.settled();
}

async function slicesAndTrigger(stage: Stage): Promise<void> {
  const share = { ...BUY, product: "CNC", instrument: ITC, quantity: 100 } as const;
  stage.tradesAtOnce(stage.place({ ...share, price: 411 }));
  await stage.settled();
  const halves = { stop: { trigger: 395, price: 394 }, target: { trigger: 425, price: 424 } };
  const trigger = stage.placeTrigger({ ...share, side: "SELL", price: 394, halves });
  const order = { ...BUY, product: "MARGIN", instrument: NIFTY_CALL, quantity: 27 * 65 } as const;
  stage.tradesAtOnce(stage.place({ ...order, price: 312, copyRejectedFor: "meera" }));
  await stage.atBroker();
  stage.tradesAtOnce(stage.place({ ...order, side: "SELL", price: 305 }));
  await stage.settled();
  stage.triggerFires(ITC, 425, trigger, "target");
  await stage.settled();
}

export const LEGS_DAY: readonly Scene[] = [
  {
    title: "A bracket order (BO); its target fills",
    about: "It is copied as a Super Order: the stop rests at the broker from the first fill on.",
    play: targetFills,
  },
  {
    title: "A bracket order whose stop is moved up three times, then fills",
    about: "Each move is one change of that leg; the broker ends the target by itself.",
    play: stopTrailedByHand,
  },
  {
    title: "A cover order (CO); the leader closes it in the app",
    about: "No exit of the followers has filled, so each is brought out by an order of his own.",
    play: coverByHand,
  },
  {
    title: "A Super Order fills in part, then its stop trails the price",
    about: "The leader keeps the 40 he got of 60; every trailing stop moves by itself.",
    play: partFilledAndTrailing,
  },
  {
    title: "An order for the next open, cancelled before it",
    about: "The market is closed: it is queued at the broker, for the leader and for all copies.",
    play: cancelledBeforeTheOpen,
  },
  {
    title: "27 lots of an option, beside a trigger with two halves (OCO Forever) that then fires",
    about: "meera's first slice of two is rejected. Nobody sells twice what a trigger has sold.",
    play: slicesAndTrigger,
  },
];
