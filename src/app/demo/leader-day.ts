/** The leader's day, scene by scene. What each scene shows is its title. */
import { HDFCBANK, INFY, ITC, NIFTY_CALL, RELIANCE, SBIN, TCS } from "./instruments.ts";
import type { Stage } from "./stage.ts";

export interface Scene {
  readonly title: string;
  /** What is worth knowing while one looks. */
  readonly about: string;
  /** Its orders come all at once; how fast they are copied is told apart. */
  readonly isBurst?: true;
  readonly play: (stage: Stage) => Promise<void>;
}

const BUY = { side: "BUY", product: "INTRADAY", type: "LIMIT" } as const;
const SELL = { ...BUY, side: "SELL" } as const;

async function limitOrder(stage: Stage): Promise<void> {
  const id = stage.place({ ...BUY, instrument: HDFCBANK, quantity: 120, price: 1640 });
  await stage.settled();
  stage.modify(id, { quantity: 160, price: 1640 });
  stage.modify(id, { quantity: 160, price: 1642 });
  await stage.settled();
  stage.tradesThinly(HDFCBANK, 1642, id, 60);
  await stage.settled();
  stage.cancel(id);
  await stage.settled();
  stage.priceReaches(HDFCBANK, 1641.5, [id]);
  await stage.settled();
}

async function marketOrder(stage: Stage): Promise<void> {
  // Half a percent above the last price of 1400: as far as a market order in it may go.
  const id = stage.place({
    ...BUY,
    type: "MARKET",
    instrument: RELIANCE,
    quantity: 75,
    price: 1407,
  });
  stage.tradesAtOnce(id);
  await stage.settled();
}

async function stopLoss(stage: Stage): Promise<void> {
  const id = stage.place({
    ...SELL,
    type: "STOP_LOSS",
    instrument: RELIANCE,
    quantity: 75,
    price: 1388,
    trigger: 1390,
  });
  await stage.settled();
  stage.priceReaches(RELIANCE, 1389.5, [id]);
  await stage.settled();
}

async function rejectedLeader(stage: Stage): Promise<void> {
  const order = { ...BUY, product: "CNC", instrument: TCS, quantity: 5_000, price: 3_100 } as const;
  stage.place({ ...order, isRejected: true });
  await stage.settled();
}

async function rejectedCopy(stage: Stage): Promise<void> {
  const order = { ...BUY, instrument: INFY, quantity: 40, price: 1_502 };
  stage.tradesAtOnce(stage.place({ ...order, copyRejectedFor: "meera" }));
  await stage.settled();
  const exit = { ...SELL, instrument: INFY, quantity: 40, price: 1_498 };
  stage.tradesAtOnce(stage.place(exit));
  await stage.settled();
}

const LADDER = Array.from({ length: 10 }, (_, step) => 815 - step / 2);

async function burst(stage: Stage): Promise<void> {
  const ids = LADDER.map((price) => {
    return stage.place({ ...BUY, instrument: SBIN, quantity: 20, price });
  });
  await stage.settled();
  stage.priceReaches(SBIN, 812, ids.slice(0, 7));
  await stage.settled();
  for (const id of ids.slice(7)) stage.cancel(id);
  await stage.settled();
}

async function squareOff(stage: Stage): Promise<void> {
  const order = { ...SELL, instrument: SBIN, quantity: 140, price: 811.5 };
  stage.tradesAtOnce(stage.place(order));
  await stage.settled();
}

async function optionEntry(stage: Stage): Promise<void> {
  const order = { ...BUY, product: "MARGIN", instrument: NIFTY_CALL } as const;
  stage.tradesAtOnce(stage.place({ ...order, quantity: 5 * 65, price: 312 }));
  await stage.settled();
}

async function optionExits(stage: Stage): Promise<void> {
  const order = { ...SELL, product: "MARGIN", instrument: NIFTY_CALL } as const;
  stage.tradesAtOnce(stage.place({ ...order, quantity: 3 * 65, price: 308 }));
  await stage.settled();
  stage.tradesAtOnce(stage.place({ ...order, quantity: 2 * 65, price: 307 }));
  await stage.settled();
}

async function shareExits(stage: Stage): Promise<void> {
  const order = { ...SELL, instrument: HDFCBANK };
  stage.tradesAtOnce(stage.place({ ...order, quantity: 20, price: 1640 }));
  await stage.settled();
  stage.tradesAtOnce(stage.place({ ...order, quantity: 40, price: 1639 }));
  await stage.settled();
}

async function delivery(stage: Stage): Promise<void> {
  const order = { ...BUY, product: "CNC", instrument: ITC, quantity: 30, price: 411 } as const;
  stage.tradesAtOnce(stage.place(order));
  await stage.settled();
}

export const LEADER_DAY: readonly Scene[] = [
  {
    title: "A limit order rests, is changed twice, fills in part and is cancelled",
    about: "The leader got 60 of 160: every copy comes to its share of 60, none of 160.",
    play: limitOrder,
  },
  {
    title: "A market order",
    about: "It is copied as a limit close to the market, so that its worst price is known.",
    play: marketOrder,
  },
  {
    title: "A stop-loss for it; then the price falls through the stop",
    about: "dev never got the shares, so he gets no stop: it would sell what he has not.",
    play: stopLoss,
  },
  {
    title: "The broker takes the leader's order, then rejects it",
    about: "No copy is sent before the broker's risk check has let the order pass.",
    play: rejectedLeader,
  },
  {
    title: "The broker takes a copy, then rejects it; the leader sells again",
    about: "meera's purchase was refused, so she has nothing to sell.",
    play: rejectedCopy,
  },
  {
    title: "Ten orders at once; seven fill, the leader cancels three",
    about: "Paced for each account: the broker allows ten order calls a second.",
    isBurst: true,
    play: burst,
  },
  {
    title: "All that was bought in the burst is sold",
    about: "An exit is the same share of what was copied, whatever became of the entries.",
    play: squareOff,
  },
  {
    title: "An option, in lots of 65",
    about: "Copies are rounded down to whole lots; a tenth of five lots is none.",
    play: optionEntry,
  },
  {
    title: "Three of five lots are sold, then the other two",
    about: "leela has one lot: three fifths of it is no lot, so she sells it at the end.",
    play: optionExits,
  },
  {
    title: "A third of the shares is sold, then the rest",
    about: "An exit never sells more than was copied.",
    play: shareExits,
  },
  {
    title: "A delivery buy that is kept",
    about: "The positions at the end are checked, too: this one stays open.",
    play: delivery,
  },
];
