/** Cover orders by hand: an entry with a stop and no target. */
import { GroupOrders, type GroupPlan } from "./group-orders.ts";

export class CoverOrders extends GroupOrders {
  readonly name = "cover";

  protected productOf(): string {
    return "CO";
  }

  protected plan(): GroupPlan {
    const { draw, market, traded: among } = this.stage;
    const traded = draw.pick(among);
    const side = draw.chance(30) ? "SELL" : "BUY";
    const away = side === "BUY" ? 1 : -1;
    const isMarket = draw.chance(40);
    const near = isMarket ? 0 : -away * draw.int(-5, 30);
    return {
      traded,
      side,
      fields: {
        productType: this.productOf(),
        orderType: isMarket ? "MARKET" : "LIMIT",
        price: isMarket ? 0 : market.rupeesAt(traded, near),
        triggerPrice: market.rupeesAt(traded, near - away * draw.int(20, 120)),
      },
    };
  }
}
