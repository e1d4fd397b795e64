/** The control surface under /sim: JSON in, JSON out, 400 with `error` when it cannot be done. */
import { ok, type Reply } from "../exchange/replies.ts";
import { accountTruth, orderStamps } from "../exchange/truth.ts";
import type { Simulation } from "../simulation.ts";
import {
  accountOf,
  addFault,
  changeAccount,
  changeSwitches,
  changeToken,
  checked,
  clockNow,
  createAccount,
  fill,
  listAccounts,
  listPrices,
  rollTheDay,
  setCircuit,
  setClock,
  setLiquidity,
  setPrice,
  setWalking,
  squareOff,
} from "./acts.ts";
import { cancelByHand, modifyByHand, placeByHand } from "./by-hand.ts";
import { ControlFault } from "./control-fault.ts";
import { cancelForeverByHand, modifyForeverByHand, placeForeverByHand } from "./forever-by-hand.ts";
import { exitGroupByHand } from "./group-by-hand.ts";
import {
  circuitSchema,
  handCancelSchema,
  handExitSchema,
  handModifySchema,
  handOrderSchema,
  liquiditySchema,
  priceSchema,
  squareOffSchema,
  walkSchema,
} from "./requests.ts";

export interface ControlRequest {
  readonly method: string;
  /** Without the leading "/sim". */
  readonly path: string;
  readonly query: string;
  readonly bodyText: string;
}

type Act = (simulation: Simulation, body: never, query: URLSearchParams) => Reply;

const ACTS: Readonly<Record<string, Act>> = {
  "GET /accounts": (simulation) => ok(listAccounts(simulation)),
  "POST /accounts": (simulation, body) => ok(createAccount(simulation, body)),
  "PATCH /accounts": (simulation, body) => ok(changeAccount(simulation, body)),
  "POST /tokens": (simulation, body) => ok(changeToken(simulation, body)),
  "GET /prices": (simulation) => ok(listPrices(simulation)),
  "POST /prices": (simulation, body) => {
    const asked = checked(priceSchema, body);
    setPrice(simulation, asked.instrument, asked.price);
    return ok(asked);
  },
  "POST /liquidity": (simulation, body) => {
    const asked = checked(liquiditySchema, body);
    setLiquidity(simulation, asked.instrument, asked.units);
    return ok(asked);
  },
  "POST /circuit": (simulation, body) => {
    const asked = checked(circuitSchema, body);
    setCircuit(simulation, asked);
    return ok(asked);
  },
  "POST /walk": (simulation, body) => {
    const asked = checked(walkSchema, body);
    setWalking(simulation, asked.mode, asked.everyMs);
    return ok(asked);
  },
  "POST /fill": (simulation, body) => ok(fill(simulation, body)),
  "GET /clock": (simulation) => ok(clockNow(simulation)),
  "POST /clock": (simulation, body) => ok(setClock(simulation, body)),
  "POST /day-rollover": (simulation, body) => ok(rollTheDay(simulation, body ?? {})),
  "POST /square-off": (simulation, body) => {
    return ok(squareOff(simulation, checked(squareOffSchema, body).clientId));
  },
  "GET /switches": (simulation) => ok(simulation.venue.switches),
  "POST /switches": (simulation, body) => ok(changeSwitches(simulation, body)),
  "GET /faults": (simulation) => ok(simulation.faults.list().map(faultView)),
  "POST /faults": (simulation, body) => {
    const added = addFault(simulation, body);
    return ok(added === undefined ? { id: null } : { id: added.id });
  },
  "DELETE /faults": (simulation, _, query) => {
    const id = query.get("id");
    return ok({ removed: simulation.faults.remove(id === null ? undefined : Number(id)) });
  },
  "POST /orders": (simulation, body) => {
    const asked = checked(handOrderSchema, body);
    return placeByHand(simulation, asked.clientId, asked.order);
  },
  "PUT /orders": (simulation, body) => {
    const { clientId, ...change } = checked(handModifySchema, body);
    return modifyByHand(simulation, clientId, change);
  },
  "DELETE /orders": (simulation, body) => {
    const asked = checked(handCancelSchema, body);
    return cancelByHand(simulation, asked.clientId, asked.orderId, asked.leg);
  },
  "POST /exit-group": (simulation, body) => {
    const asked = checked(handExitSchema, body);
    const account = accountOf(simulation, asked.clientId);
    return exitGroupByHand(simulation, account, asked.orderId);
  },
  "POST /forever": (simulation, body) => {
    const asked = checked(handOrderSchema, body);
    return placeForeverByHand(simulation, asked.clientId, asked.order);
  },
  "PUT /forever": (simulation, body) => {
    const { clientId, orderId, changes } = checked(handModifySchema, body);
    return modifyForeverByHand(simulation, clientId, { orderId, changes });
  },
  "DELETE /forever": (simulation, body) => {
    const asked = checked(handCancelSchema, body);
    return cancelForeverByHand(simulation, asked.clientId, asked.orderId);
  },
  "GET /truth": (simulation, _, query) =>
    ok({ accounts: truthOf(simulation, query.get("clientId")) }),
  "GET /stamps": (simulation) => ok(orderStamps(simulation.venue)),
};

/** The truth of one account, or of all. */
export function truthOf(simulation: Simulation, clientId: string | null) {
  if (clientId !== null) return [accountTruth(accountOf(simulation, clientId))];
  return [...simulation.venue.accounts.values()].map(accountTruth);
}

/** Undefined for a path that is not there. */
export function answerControl(simulation: Simulation, request: ControlRequest): Reply | undefined {
  const act = ACTS[`${request.method} ${request.path}`];
  if (act === undefined) return undefined;
  try {
    const body = request.bodyText === "" ? undefined : JSON.parse(request.bodyText);
    return act(simulation, body as never, new URLSearchParams(request.query));
  } catch (error) {
    if (error instanceof ControlFault || error instanceof SyntaxError) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  }
}

function faultView({ id, fault, left, used }: ReturnType<Simulation["faults"]["list"]>[number]) {
  return { id, ...fault, left: Number.isFinite(left) ? left : null, used };
}
