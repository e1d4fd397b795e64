/**
 * In place of the leader's order, which a repair has none of: what guards and terms are made from.
 *
 * Keeps: no price is guessed; where nobody has told of one there is none.
 */
import { atMarket } from "../desire/terms.ts";
import type { InstrumentKey } from "../model/ids.ts";
import type { PriceE4 } from "../model/money.ts";
import type { OrderTerms } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import { type AccountBook, type BookOrder, toPositionKey } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import type { LeaderState } from "../order/leader.ts";
import type { Draft } from "./draft.ts";
import { leaderKeyOf } from "./family.ts";

type Repaired = Pick<Copy, "leaderOrderId" | "instrument" | "product" | "of" | "side" | "split">;

/** His newest order that came into the position on that side tells its type and its average. */
export function orderForRepair(
  draft: Draft,
  copy: Repaired,
  leader: LeaderState | undefined,
): BookOrder {
  const { leaderOrderId, instrument, product, side, split } = copy;
  const entered = leader && lastEntered(leader, copy);
  const lastPrice = newestPrice([
    [leader?.book, copy.of?.instrument ?? instrument],
    [draft.state.book, instrument],
  ]);
  const atMs = toEpochMs(draft.context.nowMs);
  return {
    brokerOrderId: leaderOrderId,
    instrument: copy.of?.instrument ?? instrument,
    symbol: "",
    product: copy.of?.product ?? product,
    side,
    family: "plain",
    terms: { ...atMarket(split.leaderQuantity), type: entered?.terms.type ?? "MARKET" },
    status: "working",
    filledQuantity: 0,
    reason: "",
    placedAtMs: atMs,
    updatedAtMs: atMs,
    firstSeq: 0,
    ...(entered?.averagePrice && { averagePrice: entered.averagePrice }),
    ...(lastPrice && { lastPrice }),
  };
}

function lastEntered({ book }: LeaderState, copy: Repaired): BookOrder | undefined {
  const key = leaderKeyOf(copy);
  return [...book.orders.values()]
    .filter(({ side, leg, filledQuantity }) => {
      return side === copy.side && leg === undefined && filledQuantity > 0;
    })
    .filter(({ instrument, product }) => toPositionKey(instrument, product) === key)
    .sort((a, b) => a.firstSeq - b.firstSeq)
    .at(-1);
}

/** What anybody's order in the contract has told of last. */
function newestPrice(
  sources: readonly (readonly [AccountBook | undefined, InstrumentKey])[],
): PriceE4 | undefined {
  return sources
    .flatMap(([book, instrument]) =>
      [...(book?.orders.values() ?? [])].filter((order) => order.instrument === instrument),
    )
    .map((order) => ({ ...order, price: order.lastPrice ?? order.averagePrice }))
    .filter(({ price }) => price !== undefined)
    .sort((a, b) => a.updatedAtMs - b.updatedAtMs)
    .at(-1)?.price;
}

/** At the market towards less; towards more at the limit that was fixed when it was begun. */
export function termsOfRepair({ repair }: Pick<Copy, "repair">) {
  const price = repair?.price;
  return (quantity: number): OrderTerms =>
    price === undefined ? atMarket(quantity) : { ...atMarket(quantity), type: "LIMIT", price };
}
