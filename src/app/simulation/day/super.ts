/** Super Orders: absolute levels, at times a trailing stop. */
import type { Traded } from "../instruments.ts";
import { GroupOrders, type GroupPlan } from "./group-orders.ts";

export class SuperOrders extends GroupOrders {
  readonly name = "super";

  /** Not what plain orders use, so that each family knows its own position. */
  protected productOf({ exchangeSegment }: Traded): string {
    return exchangeSegment === "NSE_EQ" ? "MTF" : "MARGIN";
  }

  protected plan(): GroupPlan {
    const { draw, market, traded: among } = this.stage;
    const traded = draw.pick(among);
    // Delivered shares cannot be sold first.
    const side = traded.exchangeSegment !== "NSE_EQ" && draw.chance(30) ? "SELL" : "BUY";
    const away = side === "BUY" ? 1 : -1;
    const isMarket = draw.chance(40);
    const near = isMarket ? 0 : -away * draw.int(-5, 30);
    return {
      traded,
      side,
      fields: {
        productType: this.productOf(traded),
        orderType: isMarket ? "MARKET" : "LIMIT",
        price: isMarket ? 0 : market.rupeesAt(traded, near),
        targetPrice: market.rupeesAt(traded, near + away * draw.int(20, 120)),
        stopLossPrice: market.rupeesAt(traded, near - away * draw.int(20, 120)),
        trailingJump: draw.chance(25) ? draw.int(1, 4) : 0,
      },
    };
  }
}
