/**
 * HTTP without sockets: the same bytes as over node:http, under way on the injected clock.
 *
 * Every request stands for a connection of its own, so two may overtake each other. What a fault of
 * the simulator cuts is "lost"; "notSent" is told only when the simulator is closed, which is when a
 * connect would be refused.
 */
import {
  type HttpReply,
  type HttpRequest,
  type HttpTransport,
  TransportFault,
  type TransportFaultKind,
} from "../../ports/transport.ts";
import { type ApiAnswer, answerApi } from "../http/page.ts";
import type { Simulation } from "../simulation.ts";
import type { Link } from "./link.ts";

export function memoryHttp(simulation: Simulation, link: Link, remoteIp: string): HttpTransport {
  const underWay = new Set<Promise<unknown>>();

  function answer({ method, path, headers, body = "" }: HttpRequest): ApiAnswer {
    const token = headers["access-token"];
    const arrivedAtMs = simulation.nowEpochMs();
    return answerApi(simulation, { method, path, token, bodyText: body, remoteIp, arrivedAtMs });
  }

  function send(request: HttpRequest, timeoutMs: number): Promise<HttpReply> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
    if (link.isCut) return promise;
    const { clock } = link;
    const fail = (kind: TransportFaultKind, text: string) => {
      cancelDeadline();
      if (!link.isCut) reject(new TransportFault(kind, text));
    };
    const cancelDeadline = clock.schedule(timeoutMs, () => {
      fail("lost", `no reply within ${timeoutMs} ms`);
    });
    const goBack = (arrive: () => void) => clock.schedule(link.draw("down"), arrive);
    clock.schedule(link.draw("up"), () => {
      if (simulation.isClosed) {
        goBack(() => fail("notSent", "connection refused"));
        return;
      }
      const answered = answer(request);
      if (answered.kind === "cut") {
        goBack(() => fail("lost", "the other side closed the connection"));
        return;
      }
      const { page, delayMs } = answered;
      clock.schedule(delayMs, () =>
        goBack(() => {
          cancelDeadline();
          if (!link.isCut) resolve({ status: page.status, body: page.text });
        }),
      );
    });
    return promise;
  }

  return {
    request(request, { timeoutMs }) {
      const exchange = send(request, timeoutMs);
      underWay.add(exchange);
      const done = () => underWay.delete(exchange);
      exchange.then(done, done);
      return exchange;
    },
    async close() {
      if (!link.isCut) await Promise.allSettled(underWay);
    },
  };
}
