import type { PlaceCommand } from "../../../core/model/command.ts";
import { instrumentOf } from "../books.ts";
import type { World } from "../world.ts";
import { brokerWith, type PlantBug } from "./planted.ts";

const BPS_ONE = 10_000;

/** An exit is sized by the rule for entries, whatever was copied of the entry. */
export const exitByRuleSize: PlantBug = (world) => ({
  broker: (broker, name) =>
    brokerWith(broker, {
      place(command) {
        const quantity = ruleQuantity(command, world, name);
        if (quantity === undefined) return broker.place(command);
        return broker.place({ ...command, terms: { ...command.terms, quantity } });
      },
    }),
});

/** Of the leader's last order to the same side by the rule; undefined for what is no exit. */
function ruleQuantity(
  { instrument, product, side, terms, vehicle }: PlaceCommand,
  world: World,
  name: string,
): number | undefined {
  const { books, options } = world;
  const bps = options.followers.find((follower) => follower.name === name)?.bps ?? BPS_ONE;
  const held = books.net(world.clientOf(name), instrument, product);
  const isExit = vehicle === undefined && held !== 0 && (side === "SELL") === held > 0;
  if (!isExit) return undefined;
  const led = books
    .orders(world.clientOf("leader"))
    .findLast((row) => instrumentOf(row) === instrument && row.transactionType === side);
  const byRule = Math.floor(((led?.quantity ?? 0) * bps) / BPS_ONE);
  // An option goes by its lot, and the exit itself is a whole number of them.
  return byRule > terms.quantity && instrument.startsWith("NSE_EQ") ? byRule : undefined;
}
