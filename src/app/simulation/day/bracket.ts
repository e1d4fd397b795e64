/** Bracket orders by hand: exits at distances from the entry. */
import { TICKS_PER_RUPEE } from "../instruments.ts";
import { GroupOrders, type GroupPlan } from "./group-orders.ts";

export class BracketOrders extends GroupOrders {
  readonly name = "bracket";

  protected productOf(): string {
    return "BO";
  }

  protected plan(): GroupPlan {
    const { draw, market, traded: among } = this.stage;
    const traded = draw.pick(among);
    const side = draw.chance(30) ? "SELL" : "BUY";
    const away = side === "BUY" ? 1 : -1;
    const distance = () => {
      return Math.round((market.ticks(traded) * draw.int(20, 120)) / 10_000) / TICKS_PER_RUPEE;
    };
    return {
      traded,
      side,
      fields: {
        productType: this.productOf(),
        orderType: "LIMIT",
        price: market.rupeesAt(traded, -away * draw.int(-5, 30)),
        boProfitValue: distance(),
        boStopLossValue: distance(),
      },
    };
  }
}
